// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import { onStream, useStream } from './stream'

/** A server that can be made to speak, break and refuse. */
class Source extends EventTarget {
  static readonly CONNECTING = 0
  static readonly OPEN = 1
  static readonly CLOSED = 2
  static made: Source[] = []
  static get last() { return this.made.at(-1)! }
  readyState = Source.CONNECTING
  onopen: (() => void) | null = null
  onerror: (() => void) | null = null
  constructor(readonly url: string) {
    super()
    Source.made.push(this)
  }
  close() { this.readyState = Source.CLOSED }
  open() {
    this.readyState = Source.OPEN
    this.onopen?.()
  }
  break(closed = false) {
    this.readyState = closed ? Source.CLOSED : Source.CONNECTING
    this.onerror?.()
  }
  say(kind: string, about: object = {}) { this.dispatchEvent(Object.assign(new Event(kind), { data: JSON.stringify(about) })) }
}
let scope: EffectScope
const { lost, reopen } = useStream()
beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', Source)
  Source.made = []
  scope = effectScope()
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})
const listen = (...more: [((about: { id?: string }) => boolean)?, number?]) => {
  const told = vi.fn()
  scope.run(() => onStream('record', told, ...more))
  return told
}

describe('the stream', () => {
  it('tells again and again while things keep changing, not only once they are quiet', () => {
    const told = listen(undefined, 1000)
    Source.last.open()
    for (let n = 0; n < 10; n++) {
      Source.last.say('record')
      vi.advanceTimersByTime(500)
    }
    expect(told).toHaveBeenCalledTimes(5)
  })
  it('tells only of what matters, and of everything after a break or when the server lost count', () => {
    const told = listen(about => about.id === '9', 100)
    Source.last.open()
    Source.last.say('record', { id: '8' })
    vi.advanceTimersByTime(100)
    expect(told).toHaveBeenCalledTimes(0)
    Source.last.say('reload')
    vi.advanceTimersByTime(100)
    expect(told).toHaveBeenCalledTimes(1)
    Source.last.break()
    Source.last.open()
    vi.advanceTimersByTime(100)
    expect(told).toHaveBeenCalledTimes(2)
  })
  it('says that it is lost only after a while, and not once it is back', () => {
    listen()
    Source.last.open()
    Source.last.break()
    vi.advanceTimersByTime(3900)
    expect(lost.value).toBe(false)
    vi.advanceTimersByTime(200)
    expect(lost.value).toBe(true)
    Source.last.open()
    expect(lost.value).toBe(false)
  })
  it('opens a new connection, later and later, when the server refused the old one', () => {
    listen()
    Source.last.break(true)
    vi.advanceTimersByTime(2600)
    expect(Source.made).toHaveLength(2)
    Source.last.break(true)
    vi.advanceTimersByTime(2600)
    expect(Source.made).toHaveLength(2)
    vi.advanceTimersByTime(2600)
    expect(Source.made).toHaveLength(3)
  })
  it('can be asked to try at once, and is silent when nobody listens', () => {
    listen()
    Source.last.break(true)
    reopen()
    expect(Source.made).toHaveLength(2)
    scope.stop()
    expect(Source.last.readyState).toBe(Source.CLOSED)
    reopen()
    vi.advanceTimersByTime(120_000)
    expect(Source.made).toHaveLength(2)
  })
})
