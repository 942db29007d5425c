// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { reactive } from 'vue'
import type { Hint } from '@/api/follow-types'
import { question, useDuplicates } from './use-duplicates'

const hint: Hint = {
  id: '7', choice: 'street_light', title: { zh: '路灯不亮', en: 'Street light out' }, state: { zh: '处理中', en: 'Under way' }, closed: false, area: '一社区',
  filed_on: '2025-05-08', metres: 90, reasons: ['same', 'near'], followers: 2, following: false, own: false, readable: false,
}
let asked: { method: string, path: string, body: unknown }[]
beforeEach(() => {
  vi.useFakeTimers()
  asked = []
  vi.stubGlobal('location', { origin: 'http://test' })
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = new URL(request.url).pathname
    asked.push({ method: request.method, path, body: request.method === 'POST' && path.endsWith('duplicates') ? await request.json() : null })
    const answer = path.endsWith('/duplicates') ? { hints: [hint] } : { followers: request.method === 'POST' ? 3 : 2, following: request.method === 'POST' }
    return new Response(JSON.stringify(answer), { headers: { 'content-type': 'application/json' } })
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})
const empty = { area: '', category: '', description: '', place: null }

it('asks with what was said so far, and with nothing else', () => {
  expect(question(empty)).toBeNull()
  expect(question({ ...empty, area: '1' })).toBeNull()
  expect(question({ ...empty, area: '1', description: ' 路灯 ' })).toEqual({ area: '1', fields: { description: '路灯' } })
  expect(question({ ...empty, area: '1', category: 'a', place: { lat: 1, lon: 2 } })).toEqual({ area: '1', fields: { category: 'a', place: { lat: 1, lon: 2 } } })
})

it('asks once when typing rests; "me too" counts and can be taken back', async () => {
  const form = reactive({ ...empty, area: '1', category: 'street_light' })
  const { hints, done, toggle } = useDuplicates(form)
  form.description = '路'
  await vi.advanceTimersByTimeAsync(300)
  form.description = '路灯'
  await vi.advanceTimersByTimeAsync(700)
  expect(asked).toEqual([{ method: 'POST', path: '/api/records/request/duplicates', body: { area: '1', fields: { category: 'street_light', description: '路灯' } } }])
  await toggle(hints.value[0]!)
  expect(hints.value[0]).toMatchObject({ followers: 3, following: true })
  expect(done.value).toBe('7')
  await toggle(hints.value[0]!)
  expect(hints.value[0]).toMatchObject({ followers: 2, following: false })
  expect(asked.slice(1).map(one => `${one.method} ${one.path}`)).toEqual(['POST /api/records/request/7/follow', 'DELETE /api/records/request/7/follow'])
})
