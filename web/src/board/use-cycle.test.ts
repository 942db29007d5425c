// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { useCycle } from './use-cycle'

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => { vi.useRealTimers() })

function cycle() {
  const shown: string[] = []
  const handle = effectScope().run(() => useCycle(area => { shown.push(area) }))!
  return { shown, ...handle }
}

describe('the wall screen', () => {
  it('goes through the areas below, and begins anew', () => {
    const { shown, running, place, start } = cycle()
    start('1', ['2', '3'])
    expect(running.value).toBe(true)
    vi.advanceTimersByTime(80_000)
    expect(shown).toEqual(['2', '3', '1', '2'])
    expect(place.value).toBe('2 / 3')
  })
  it('rests while somebody reads, and goes home when it ends', () => {
    const { shown, running, resting, start, stop } = cycle()
    start('1', ['2', '3'])
    vi.advanceTimersByTime(20_000)
    resting.value = true
    vi.advanceTimersByTime(200_000)
    expect(shown).toEqual(['2'])
    stop()
    expect(shown).toEqual(['2', '1'])
    expect(running.value).toBe(false)
    vi.advanceTimersByTime(80_000)
    expect(shown).toHaveLength(2)
  })
  it('stays where it is if there is nothing below', () => {
    const { shown, running, start } = cycle()
    start('1', [])
    vi.advanceTimersByTime(80_000)
    expect(running.value).toBe(false)
    expect(shown).toEqual([])
  })
})
