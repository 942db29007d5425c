// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useRecord } from './use-record'
import { wayBack } from './way-back'

const record = (version: number, description: string) => ({
  id: '9', kind: 'request', number: 'N', title: 't', area: { id: '1', name: 'a' }, place: '', state: 'accepted', version, created_at: '', updated_at: '', unit: null, due_at: null,
  overdue: false, urgent: false, fields: { description }, masked: ['phone'], created_by: null, own: false, path: [], clocks: [], parties: [], actions: [],
  can: { change: ['description'], withdraw: false, unmask: ['phone'], files: true }, files: [],
})
let sent: { method: string, url: string, match: string | null, body: unknown }[] = []
let stored = record(1, 'old')

beforeEach(() => {
  sent = []
  stored = record(1, 'old')
  vi.stubGlobal('fetch', async (request: Request) => {
    const url = new URL(request.url).pathname
    const body: unknown = request.method === 'GET' ? null : await request.json()
    sent.push({ method: request.method, url, match: request.headers.get('If-Match'), body })
    if (url.endsWith('/history'))
      return Response.json({ entries: [] })
    if (url.endsWith('/unmask'))
      return Response.json({ fields: { phone: '13812345678' } })
    if (request.method !== 'GET') {
      if (request.headers.get('If-Match') !== `"${stored.version}"`)
        return Response.json({ status: 412, code: 'version_stale' }, { status: 412 })
      stored = record(stored.version + 1, (body as { fields: { description: string } }).fields.description)
    }
    return Response.json(stored)
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('one record', () => {
  it('names the version it changes', async () => {
    const handle = useRecord('request', '9')
    await handle.load()
    expect(await handle.change({ description: 'new' })).toBe(true)
    expect(sent.find(one => one.method === 'PATCH')).toMatchObject({ url: '/api/records/request/9', match: '"1"', body: { fields: { description: 'new' } } })
    expect(handle.record.value?.version).toBe(2)
  })
  it('moves to another area together with what else was changed', async () => {
    const handle = useRecord('request', '9')
    await handle.load()
    await handle.change({ description: 'new' }, '77')
    expect(sent.find(one => one.method === 'PATCH')!.body).toEqual({ fields: { description: 'new' }, area: '77' })
  })
  it('shows both versions when someone was faster, and saves mine on the newest if I say so', async () => {
    const handle = useRecord('request', '9')
    await handle.load()
    stored = record(5, 'theirs')
    expect(await handle.change({ description: 'mine' })).toBe(false)
    expect(handle.conflict.value).toMatchObject({ mine: { description: 'mine' }, base: { version: 1 }, theirs: { version: 5 } })
    expect(await handle.resolve(true)).toBe(true)
    expect(handle.record.value).toMatchObject({ version: 6, fields: { description: 'mine' } })
  })
  it('drops mine if I say so', async () => {
    const handle = useRecord('request', '9')
    await handle.load()
    stored = record(5, 'theirs')
    await handle.change({ description: 'mine' })
    expect(await handle.resolve(false)).toBe(false)
    expect(handle.record.value?.fields.description).toBe('theirs')
  })
  it('hides an unmasked value again after a minute', async () => {
    const handle = useRecord('request', '9')
    await handle.load()
    vi.useFakeTimers()
    await handle.unmask(['phone'], 'call back')
    expect(handle.shown.value.phone).toBe('13812345678')
    vi.advanceTimersByTime(60_000)
    expect(handle.shown.value.phone).toBeUndefined()
  })
})

describe('the way back', () => {
  const action = (name: string, to: string) => ({ name, title: { zh: '', en: '' }, from: [], to, by: [], needs: [], may: [] })
  const may = (name: string, needs: string[] = []) => ({ name, title: { zh: '', en: '' }, as: '', needs, may: [] })
  it('is an action to the state before that asks for nothing', () => {
    const kind = { actions: [action('wait', 'waiting'), action('continue', 'assigned')] }
    expect(wayBack(kind, { state: 'waiting', actions: [may('continue')] }, 'assigned')).toBe('continue')
    expect(wayBack(kind, { state: 'waiting', actions: [may('continue', ['reason'])] }, 'assigned')).toBeNull()
    expect(wayBack(kind, { state: 'assigned', actions: [may('continue')] }, 'assigned')).toBeNull()
  })
})
