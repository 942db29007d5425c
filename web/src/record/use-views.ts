// SPDX-License-Identifier: Apache-2.0
import { shallowRef } from 'vue'
import { api } from '@/api/client'
import type { SavedView } from '@/api/account-types'
import { useCall } from '@/api/use-call'

/** What of a page's address is kept under a name: how the list is narrowed and sorted, not where one is. */
export function wordsToKeep(words: Record<string, unknown>): string {
  const kept = Object.entries(words).filter((entry): entry is [string, string] => entry[0] !== 'area' && typeof entry[1] === 'string' && entry[1] !== '')
  return new URLSearchParams(kept.sort(([a], [b]) => a < b ? -1 : 1)).toString()
}

/** Lists that one has narrowed and named, kept on the server: the same at every desk. */
export function useViews(kind: () => string) {
  const views = shallowRef<SavedView[]>([])
  const { busy, refusal, run, clear } = useCall()

  async function load() {
    const asked = kind()
    const { data } = await api.GET('/api/account/views', { params: { query: { kind: asked } } }).catch(() => ({ data: undefined }))
    if (asked === kind())
      views.value = data?.views ?? []
  }
  async function save(name: string, query: string) {
    const done = await run(() => api.POST('/api/account/views', { body: { kind: kind(), name, query } }))
    if (done)
      views.value = done.views
    return done
  }
  async function remove(view: SavedView) {
    if (await run(() => api.DELETE('/api/account/views/{id}', { params: { path: { id: view.id } } })))
      views.value = views.value.filter(one => one.id !== view.id)
  }
  return { views, busy, refusal, clear, load, save, remove }
}
