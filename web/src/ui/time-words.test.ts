// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { timeAgo, timeLeft } from './time-words'

const now = Date.parse('2025-05-08T08:00:00Z')
const at = (hours: number) => new Date(now + hours * 3_600_000).toISOString()

describe('time left', () => {
  it.each([
    [0.5, 'left_minutes', 30, 'warn'],
    [3, 'left_hours', 3, 'warn'],
    [30, 'left_hours', 30, 'ok'],
    [80, 'left_days', 3, 'ok'],
    [-0.2, 'late_minutes', 12, 'late'],
    [-26, 'late_hours', 26, 'late'],
    [-24 * 9, 'late_days', 9, 'late'],
  ])('%s hours from now is %s %s', (hours, key, n, tone) => {
    expect(timeLeft(at(hours), now)).toEqual({ key, n, tone })
  })
})

describe('time ago', () => {
  it('says just now, then minutes, hours and days, then leaves it to the date', () => {
    expect(timeAgo(at(0), now)).toEqual({ key: 'just_now', n: 0 })
    expect(timeAgo(at(-0.5), now)).toEqual({ key: 'ago_minutes', n: 30 })
    expect(timeAgo(at(-24 * 3), now)).toEqual({ key: 'ago_days', n: 3 })
    expect(timeAgo(at(-24 * 8), now)).toBeNull()
  })
  it('takes a clock that runs ahead as now', () => {
    expect(timeAgo(at(1), now)?.key).toBe('just_now')
  })
})
