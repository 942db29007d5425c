// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it, vi } from 'vitest'
import { dayBefore, light, shareText, useBoard } from './use-board'

afterEach(() => vi.unstubAllGlobals())

describe('the days that a board counts', () => {
  it('end today in China, whatever the hour elsewhere', () => {
    expect(dayBefore('2025-05-08T17:00:00Z', 1)).toBe('2025-05-09')
    expect(dayBefore('2025-05-08T15:59:00Z', 30)).toBe('2025-04-09')
  })
})

describe('a share', () => {
  it.each([[0.9321, '93.2%'], [1, '100%'], [null, '—']])('%s reads %s', (share, text) => {
    expect(shareText({ share, of: 10 })).toBe(text)
  })
  it('has a light, grey without cases', () => {
    expect([0.97, 0.9, 0.5].map(share => light({ share, of: 4 }))).toEqual(['ok', 'warn', 'late'])
    expect(light({ share: null, of: 0 })).toBe('muted')
  })
})

describe('the board', () => {
  it('asks for kind, area and days, and keeps the last figures when a later question fails', async () => {
    const asked: string[] = []
    vi.stubGlobal('fetch', async (request: Request) => {
      asked.push(new URL(request.url).search)
      return asked.length === 1 ? Response.json({ open: 7 }) : Response.json({ status: 503, code: 'busy' }, { status: 503 })
    })
    const { board, refusal, load } = useBoard()
    await load('request', '42')
    expect(asked[0]).toBe('?kind=request&area=42&days=30')
    expect(board.value?.open).toBe(7)
    await load()
    expect(refusal.value?.code).toBe('busy')
    expect(board.value?.open).toBe(7)
  })
})
