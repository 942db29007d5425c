// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it, vi } from 'vitest'
import { api, setCsrf } from './client'
import { setHelpers, useCall } from './use-call'

afterEach(() => vi.unstubAllGlobals())
const answers = (...list: (Response | Error)[]) => {
  const asked: Request[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    asked.push(request)
    const next = list.shift()
    if (!next || next instanceof Error)
      throw next ?? new TypeError('no answer left')
    return next
  })
  return asked
}
const no = (status: number, code: string) => Response.json({ status, code }, { status })

describe('a call', () => {
  it('gives the answer, and true for an empty one', async () => {
    answers(Response.json({ needed: true }), new Response(null, { status: 204 }))
    const { run, busy } = useCall()
    expect(await run(() => api.GET('/api/setup'))).toEqual({ needed: true })
    expect(await run(() => api.DELETE('/api/session'))).toBe(true)
    expect(busy.value).toBe(false)
  })
  it('carries the word of the session and a key on unsafe methods only', async () => {
    setCsrf('w')
    const asked = answers(Response.json({}), Response.json({}))
    const { run } = useCall()
    await run(() => api.GET('/api/setup'))
    await run(() => api.POST('/api/session/step-up', { body: { password: 'p' } }))
    expect(asked[0]!.headers.get('X-CSRF')).toBeNull()
    expect(asked[1]!.headers.get('X-CSRF')).toBe('w')
    expect(asked[1]!.headers.get('Idempotency-Key')).toBeTruthy()
  })
  it('asks for the password once and repeats when a step-up is needed', async () => {
    const stepUp = vi.fn(async () => true)
    setHelpers({ stepUp, signedOut: () => {} })
    const asked = answers(no(403, 'step_up_needed'), Response.json({ units: [] }))
    const { run, refusal } = useCall()
    expect(await run(() => api.GET('/api/units', { params: { query: {} } }))).toEqual({ units: [] })
    expect([stepUp.mock.calls.length, asked.length, refusal.value]).toEqual([1, 2, null])
  })
  it('stays refused when the password is not given', async () => {
    setHelpers({ stepUp: async () => false, signedOut: () => {} })
    answers(no(403, 'step_up_needed'))
    const { run, refusal } = useCall()
    expect(await run(() => api.GET('/api/me'))).toBeUndefined()
    expect(refusal.value?.code).toBe('step_up_needed')
  })
  it('tells the shell that the session is over, and says offline without a network', async () => {
    const signedOut = vi.fn()
    setHelpers({ stepUp: async () => false, signedOut })
    answers(no(401, 'not_signed_in'), new TypeError('network'))
    const { run, refusal } = useCall()
    await run(() => api.GET('/api/me'))
    expect(signedOut).toHaveBeenCalledOnce()
    await run(() => api.GET('/api/me'))
    expect(refusal.value?.code).toBe('offline')
  })
  it('of two that overlap only the later counts', async () => {
    let free = (_answer: Response) => {}
    const slow = new Promise<Response>(resolve => { free = resolve })
    const list = [slow, Promise.resolve(Response.json({ needed: true }))]
    vi.stubGlobal('fetch', () => list.shift())
    const { run } = useCall()
    const first = run(() => api.GET('/api/setup'))
    expect(await run(() => api.GET('/api/setup'))).toEqual({ needed: true })
    free(Response.json({ needed: false }))
    expect(await first).toBeUndefined()
  })
})
