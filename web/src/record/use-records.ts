// SPDX-License-Identifier: Apache-2.0
import { ref, shallowRef } from 'vue'
import { api } from '@/api/client'
import { useCall } from '@/api/use-call'
import type { RecordLine } from '@/api/types'

export interface Query { area?: string, map?: string, view?: string, state?: string, q?: string, sort?: string, mine?: boolean, overdue?: boolean, from?: string, to?: string, unit?: string, closed_from?: string, stopped_from?: string, open?: boolean, rated?: boolean, late?: boolean, fields?: Record<string, string> }

/** Words of the query as the server takes them; empty ones are left out. */
export function queryWords(query: Query): Record<string, string | number> {
  const words: Record<string, string | number | undefined> = {
    area: query.area, map: query.map, view: query.view, state: query.state, q: query.q?.trim(), sort: query.sort, from: query.from, to: query.to,
    unit: query.unit, closed_from: query.closed_from, stopped_from: query.stopped_from,
    mine: query.mine ? 1 : undefined, overdue: query.overdue ? 1 : undefined, open: query.open ? 1 : undefined, rated: query.rated ? 1 : undefined, late: query.late ? 1 : undefined,
  }
  for (const [name, value] of Object.entries(query.fields ?? {}))
    words[`f.${name}`] = value
  return Object.fromEntries(Object.entries(words).filter((entry): entry is [string, string | number] => entry[1] !== undefined && entry[1] !== ''))
}

/** A list of records of one kind, page after page. */
export function useRecords(kind: () => string, limit = 50) {
  const records = shallowRef<RecordLine[]>([])
  const next = ref<string | null>(null)
  const count = ref<number | null>(null)
  const capped = ref(false)
  const { busy, refusal, run } = useCall()
  const more = useCall()
  let asked: Query = {}

  const ask = (query: Record<string, string | number | boolean | undefined>) =>
    api.GET('/api/records/{kind}', { params: { path: { kind: kind() }, query } })

  /** Anew from the start; `keep` as many as are shown (at most what the server gives at once), so that nobody loses his place. */
  async function load(query: Query = asked, keep = false) {
    asked = query
    const length = keep ? Math.min(200, Math.max(limit, records.value.length)) : limit
    if (keep && records.value.length > 200)
      return
    const answer = await run(() => ask({ ...queryWords(query), limit: length, count: 1 }))
    if (!answer)
      return
    records.value = answer.records
    next.value = answer.next
    count.value = answer.count
    capped.value = answer.count_capped
  }
  async function loadMore() {
    const cursor = next.value
    if (!cursor || more.busy.value)
      return
    const answer = await more.run(() => ask({ ...queryWords(asked), limit, cursor }))
    if (!answer)
      return
    records.value = [...records.value, ...answer.records]
    next.value = answer.next
  }
  function clear() {
    records.value = []
    next.value = null
    count.value = null
  }
  return { records, next, count, capped, busy, refusal, loadingMore: more.busy, moreRefusal: more.refusal, load, loadMore, clear }
}
