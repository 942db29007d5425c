// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { hoursAndMinutes, minutesFrom } from './span'

describe('an amount of time', () => {
  it('is typed in hours and minutes, kept in minutes', () => {
    expect(minutesFrom(2, 30)).toBe(150)
    expect(minutesFrom(1.5, '')).toBe(90)
    expect(minutesFrom('', 45)).toBe(45)
    expect(minutesFrom(null, 0)).toBe(0)
    expect(hoursAndMinutes(150)).toEqual({ hours: 2, minutes: 30 })
  })
  it('is nothing when both are empty, and what was typed when it is no number', () => {
    expect(minutesFrom('', null)).toBeNull()
    expect(minutesFrom('two', 5)).toBe('two')
  })
})
