// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it, vi } from 'vitest'
import { useViews, wordsToKeep } from './use-views'

afterEach(() => vi.unstubAllGlobals())

describe('what is kept of a narrowed list', () => {
  it('is how it is narrowed, not where, in an order of its own', () => {
    expect(wordsToKeep({ 'view': 'open', 'area': '7', 'f.category': 'noise', 'q': '', 'to': null })).toBe('f.category=noise&view=open')
    expect(wordsToKeep({ area: '7' })).toBe('')
  })
})

describe('saved views', () => {
  it('stay as they were when saving is refused, and go when they are removed', async () => {
    const answers = [
      Response.json({ views: [{ id: '1', name: '噪音', query: 'f.category=noise' }] }),
      Response.json({ status: 409, code: 'too_many_views' }, { status: 409 }),
      new Response(null, { status: 204 }),
    ]
    vi.stubGlobal('fetch', async () => answers.shift()!)
    const { views, refusal, load, save, remove } = useViews(() => 'request')
    await load()
    expect(await save('再一个', '')).toBeUndefined()
    expect(refusal.value?.code).toBe('too_many_views')
    expect(views.value.map(view => view.name)).toEqual(['噪音'])
    await remove(views.value[0]!)
    expect(views.value).toEqual([])
  })
})
