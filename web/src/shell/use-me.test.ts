// SPDX-License-Identifier: Apache-2.0
import { afterEach, expect, it, vi } from 'vitest'
import { loadMe, setMe, unreachable } from './use-me'

const me = { account: { id: '1', login: 'a', name: 'a', person: null }, grants: [], rights: [], csrf: 'w', stepped_up_until: null, demo: false, kinds: {} }
function answers(...list: (Response | Error)[]) {
  vi.stubGlobal('fetch', async () => {
    const next = list.shift()
    if (!next || next instanceof Error)
      throw next ?? new TypeError('no answer left')
    return next
  })
}
afterEach(() => {
  setMe(null)
  vi.unstubAllGlobals()
})

it('only a 401 means that nobody is signed in', async () => {
  answers(Response.json({ status: 401, code: 'not_signed_in' }, { status: 401 }))
  expect(await loadMe()).toBeNull()
  expect(unreachable.value).toBeNull()
})
it('a server that is away or starting is waited for, and asked again', async () => {
  answers(new TypeError('network'), Response.json({ status: 503, code: 'starting' }, { status: 503 }), Response.json(me))
  const given = loadMe()
  await vi.waitFor(() => expect(unreachable.value?.refusal.code).toBe('offline'))
  unreachable.value!.retry()
  await vi.waitFor(() => expect(unreachable.value?.refusal.status).toBe(503))
  unreachable.value!.retry()
  expect(await given).toMatchObject({ csrf: 'w' })
  expect(unreachable.value).toBeNull()
})
