// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it, vi } from 'vitest'
import { useImport } from './use-import'

const answer = (body: object) => new Response(JSON.stringify(body), { status: 200, headers: { 'content-type': 'application/json' } })
const sheet = new File(['a'], 'a.csv')
afterEach(() => vi.unstubAllGlobals())

describe('taking in a sheet', () => {
  it('checks first and takes in only what has no problem', async () => {
    const asked: string[] = []
    vi.stubGlobal('fetch', async (url: string) => {
      asked.push(url)
      return answer({ rows: 2, created: 2, changed: 0, problems: [] })
    })
    const { check, take, checked, done } = useImport('thing')
    await check(sheet)
    expect(checked.value?.rows).toBe(2)
    expect(await take()).toBe(true)
    expect(done.value).toBe(true)
    expect(asked).toEqual(['/api/imports/thing?dry_run=1', '/api/imports/thing'])
  })
  it('a check that was given up leaves nothing behind, not even a refusal', async () => {
    vi.stubGlobal('fetch', (_url: string, init: RequestInit) => new Promise((_resolve, reject) => {
      init.signal!.addEventListener('abort', () => reject(new DOMException('', 'AbortError')))
    }))
    const { check, cancel, sheet: shown, checked, refusal, busy } = useImport('thing')
    const going = check(sheet)
    expect(busy.value).toBe(true)
    cancel()
    await going
    expect([shown.value, checked.value, refusal.value, busy.value]).toEqual([null, null, null, false])
  })
})
