// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { listMap, mapDays } from './use-map'

describe('maps of an area', () => {
  it('offers the day before each change, the newest first, each once', () => {
    expect(mapDays(['2025-01-01', '2026-03-01'], '')).toEqual(['2026-02-28', '2024-12-31'])
    expect(mapDays([], '')).toEqual([])
  })
  it('keeps the day that stands in the address', () => {
    expect(mapDays(['2026-03-01'], '2025-06-30')).toEqual(['2026-02-28', '2025-06-30'])
    expect(mapDays(['2026-03-01'], '2026-02-28')).toEqual(['2026-02-28'])
    expect(mapDays(['2026-03-01'], 'then')).toEqual(['2026-02-28'])
  })
  it('opens the list behind a figure', () => {
    expect(listMap('', false)).toBe('')
    expect(listMap('', true)).toBe('then')
    expect(listMap('now', true)).toBe('')
    expect(listMap('2026-02-28', true)).toBe('2026-02-28')
  })
})
