// SPDX-License-Identifier: Apache-2.0
import { ref, shallowRef } from 'vue'
import { api } from '@/api/client'
import { useCall } from '@/api/use-call'
import type { InboxCounts, InboxItem } from '@/api/types'

export const tabs = ['mine', 'unit', 'raised', 'all'] as const
export type Tab = typeof tabs[number]

/** What waits, most urgent first. */
export function useInbox(limit = 50) {
  const items = shallowRef<InboxItem[]>([])
  const next = ref<string | null>(null)
  const { busy, refusal, run } = useCall()
  const more = useCall()
  const ask = (tab: Tab, area: string | undefined, cursor?: string) => () =>
    api.GET('/api/inbox', { params: { query: { tab, area: area || undefined, limit, cursor } } })
  let asked: [Tab, string | undefined] = ['mine', undefined]

  async function load(tab: Tab = asked[0], area: string | undefined = asked[1]) {
    asked = [tab, area]
    const answer = await run(ask(tab, area))
    if (!answer)
      return
    items.value = answer.items
    next.value = answer.next
  }
  async function loadMore() {
    if (!next.value || more.busy.value)
      return
    const answer = await more.run(ask(...asked, next.value))
    if (!answer)
      return
    items.value = [...items.value, ...answer.items]
    next.value = answer.next
  }
  function clear() {
    items.value = []
    next.value = null
  }
  return { items, next, busy, refusal, loadingMore: more.busy, load, loadMore, clear }
}

const counts = shallowRef<InboxCounts | null>(null)
/** How much waits, for tabs and the bell; one for the page. */
export function useInboxCounts() {
  async function load() {
    const { data } = await api.GET('/api/inbox/counts').catch(() => ({ data: undefined }))
    counts.value = data ?? counts.value
  }
  return { counts, load }
}
