// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { lineOf } from './line'

describe('a trend as a line', () => {
  it('needs two values', () => {
    expect(lineOf([null, 3, null], 5)).toBeNull()
    expect(lineOf([], null)).toBeNull()
  })
  it('goes over what is not known, the highest on top', () => {
    expect(lineOf([0, null, 10], null)).toEqual({ path: 'M3 29L93 3', end: { x: 93, y: 3 }, target: null })
  })
  it('shows the target if it is not far off', () => {
    expect(lineOf([90, 95], 100)?.target).toBe(3)
    expect(lineOf([1, 2], 1000)?.target).toBeNull()
  })
  it('of equal values is level', () => {
    expect(lineOf([4, 4], null)?.path).toBe('M3 29L93 29')
  })
})
