// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { RecordLine } from '@/api/types'
import { useDuplicates } from './use-duplicates'

const line = (id: string) => ({ id, kind: 'person', title: `人${id}`, fields: {}, masked: [] }) as unknown as RecordLine
let left: string[][]
let asked: { path: string, body: unknown }[]
beforeEach(() => {
  left = [['1', '2'], ['3', '4'], ['5', '6']]
  asked = []
  vi.stubGlobal('location', { origin: 'http://test' })
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = new URL(request.url).pathname
    if (request.method === 'POST') {
      const body = await request.json()
      asked.push({ path, body })
      left = left.filter(pair => !path.includes(`/${pair[0]}/${pair[1]}/`))
      return new Response(JSON.stringify({ merge: body.decision === 'same' ? '9' : null, kept: body.keep ?? null }), { headers: { 'content-type': 'application/json' } })
    }
    const answer = path.endsWith('merges') ? { merges: [] } : { pairs: left.map(([a, b]) => ({ first: line(a!), second: line(b!), chance: 990, reasons: [], found_at: '' })), more: false }
    return new Response(JSON.stringify(answer), { headers: { 'content-type': 'application/json' } })
  })
})
afterEach(() => vi.unstubAllGlobals())

it('goes from pair to pair as they are decided, and says which one is kept', async () => {
  const { current, load, decide } = useDuplicates()
  await load('7')
  expect(current.value?.first.id).toBe('1')
  expect(await decide('different')).toBe(true)
  expect(current.value?.first.id).toBe('3')
  expect(await decide('same', 'second')).toBe('9')
  expect(current.value?.first.id).toBe('5')
  expect(await decide('later')).toBe(true)
  expect(current.value).toBeUndefined()
  expect(await decide('different')).toBeUndefined()
  expect(asked).toEqual([
    { path: '/api/duplicates/1/2/decision', body: { decision: 'different' } },
    { path: '/api/duplicates/3/4/decision', body: { decision: 'same', keep: '4' } },
    { path: '/api/duplicates/5/6/decision', body: { decision: 'later' } },
  ])
})
