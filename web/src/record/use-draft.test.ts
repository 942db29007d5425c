// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { nextTick, reactive } from 'vue'
import type { Me } from '@/api/types'
import { setMe } from '@/shell/use-me'
import { dropDrafts, readDraft, useDraft } from './use-draft'

let kept: Map<string, string>
const be = (id: string | null) => setMe(id ? { account: { id, login: id, name: id, person: null }, grants: [], rights: [], csrf: '', kinds: {} } as unknown as Me : null)
beforeEach(() => {
  vi.useFakeTimers()
  kept = new Map()
  vi.stubGlobal('localStorage', {
    get length() { return kept.size }, key: (i: number) => [...kept.keys()][i] ?? null, getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => void kept.set(key, text), removeItem: (key: string) => void kept.delete(key),
  })
})
afterEach(() => {
  setMe(null)
  vi.useRealTimers()
  vi.unstubAllGlobals()
})
async function write(words: string) {
  const form = reactive({ words: '' })
  const draft = useDraft('report', form)
  form.words = words
  await nextTick()
  vi.advanceTimersByTime(500)
  return { form, draft }
}

it('a draft comes back to who wrote it and to nobody else', async () => {
  be('7')
  await write('楼道灯坏了')
  expect(readDraft('report')).toEqual({ words: '楼道灯坏了' })
  be('8')
  expect(readDraft('report')).toBeNull()
})
it('what was written is gone once it is sent', async () => {
  be('7')
  const { draft } = await write('sent')
  draft.drop()
  expect(readDraft('report')).toBeNull()
})
it('drafts of others, also of earlier versions without an account, are removed; other things are kept', async () => {
  be('7')
  await write('mine')
  kept.set('linli.draft.report', '{}').set('linli.draft.8.report', '{}').set('linli.preferences', '{}')
  dropDrafts('7')
  expect([...kept.keys()].sort()).toEqual(['linli.draft.7.report', 'linli.preferences'])
  dropDrafts()
  expect([...kept.keys()]).toEqual(['linli.preferences'])
})
it('a form that outlives the sign-out writes nothing for the next person', async () => {
  be('7')
  const { form } = await write('mine')
  be(null)
  dropDrafts()
  form.words = 'after'
  await nextTick()
  vi.advanceTimersByTime(500)
  expect(kept.size).toBe(0)
})
