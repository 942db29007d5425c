// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { choicesOf, partsOf, shorter, thisYear } from './periods'

describe('periods to choose from', () => {
  it('are this year, its quarters so far and the years since the plan began, newest first', () => {
    expect(choicesOf(2024, Date.parse('2026-05-08T12:00:00Z'))).toEqual(['2026', '2026-Q2', '2026-Q1', '2025', '2024'])
  })
  it('turn at midnight in China', () => {
    expect(thisYear(Date.parse('2025-12-31T15:59:00Z'))).toBe('2025')
    expect(thisYear(Date.parse('2025-12-31T16:00:00Z'))).toBe('2026')
  })
  it('begin with this year even if the plan begins later', () => {
    expect(choicesOf(2030, Date.parse('2026-01-08T12:00:00Z'))).toEqual(['2026', '2026-Q1'])
  })
})

describe('what a period is called', () => {
  it.each([
    ['2025-01..2025-12', '2025'], ['2025-04..2025-06', '2025-Q2'], ['2025-02..2025-04', '2025-02..2025-04'],
    ['2024-01..2025-12', '2024-01..2025-12'], ['2025-06', '2025-06'], ['2025', '2025'],
  ])('%s is %s', (period, name) => expect(shorter(period)).toBe(name))
  it('has parts for a sentence', () => {
    expect(partsOf('2025-07..2025-09')).toEqual({ key: 'quarter', year: '2025', n: 3, text: '2025-Q3' })
    expect(partsOf('2025').key).toBe('year')
    expect(partsOf('2025-06').key).toBe('other')
  })
})
