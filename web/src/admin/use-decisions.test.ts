// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { officialToday, stepsNow, weights } from './use-decisions'

describe('shares of households', () => {
  it.each([
    [[3200, 2100], [603_774, 396_226]],
    [[1, 1, 1], [333_334, 333_333, 333_333]],
    [[0, 0], [500_000, 500_000]],
    [[7], [1_000_000]],
    [[3200, '', 2100], [603_774, 0, 396_226]],
  ])('%j become %j', (households, expected) => {
    expect(weights(households)).toEqual(expected)
    expect(weights(households).reduce((a, b) => a + b)).toBe(1_000_000)
  })
})

describe('steps of a decision', () => {
  const steps = (state: 'proposed' | 'approved' | 'applied' | 'undone' | 'withdrawn', effective: string) =>
    stepsNow({ state, proposal: { effective } }, '2026-11-24')
  it('offers nothing once it is over', () => {
    expect(steps('undone', '2026-11-24')).toEqual([])
    expect(steps('withdrawn', '2026-11-24')).toEqual([])
  })
  it('is applied only after it was approved and not before its day, and undone only after it was applied', () => {
    expect(steps('proposed', '2026-11-24')).toEqual(['approve', 'withdraw'])
    expect(steps('approved', '2026-11-24')).toEqual(['apply', 'withdraw'])
    expect(steps('approved', '2026-11-25')).toEqual(['withdraw'])
    expect(steps('applied', '2026-11-24')).toEqual(['undo'])
  })
  it('goes by the day in China', () => {
    expect(officialToday(new Date('2026-11-24T16:30:00Z'))).toBe('2026-11-25')
    expect(officialToday(new Date('2026-11-24T15:30:00Z'))).toBe('2026-11-24')
  })
})
