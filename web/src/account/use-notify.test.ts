// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { clockOf, minuteOf } from './use-notify'

it('minutes of the day and what a clock shows are the same', () => {
  expect(clockOf(0)).toBe('00:00')
  expect(clockOf(22 * 60 + 5)).toBe('22:05')
  for (const minute of [0, 1, 59, 60, 719, 1439])
    expect(minuteOf(clockOf(minute))).toBe(minute)
})
