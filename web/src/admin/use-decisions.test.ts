// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { stepsOf, weights } from './use-decisions'

describe('shares of households', () => {
  it.each([
    [[3200, 2100], [603_774, 396_226]],
    [[1, 1, 1], [333_334, 333_333, 333_333]],
    [[0, 0], [500_000, 500_000]],
    [[7], [1_000_000]],
  ])('%j become %j', (households, expected) => {
    expect(weights(households)).toEqual(expected)
    expect(weights(households).reduce((a, b) => a + b)).toBe(1_000_000)
  })
})

describe('steps of a decision', () => {
  it('offers nothing once it is over', () => {
    expect(stepsOf.undone).toEqual([])
    expect(stepsOf.withdrawn).toEqual([])
  })
  it('is applied only after it was approved, and undone only after it was applied', () => {
    expect(stepsOf.proposed).not.toContain('apply')
    expect(stepsOf.approved).not.toContain('undo')
    expect(stepsOf.applied).toEqual(['undo'])
  })
})
