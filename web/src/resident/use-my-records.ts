// SPDX-License-Identifier: Apache-2.0
import { computed } from 'vue'
import type { ActionSpec, FieldSpec, Kind, RecordAction, RecordLine } from '@/api/types'
import { useCatalogue } from '@/record/use-catalogue'
import { useRecords } from '@/record/use-records'
import { useMe } from '@/shell/use-me'

export const requestKind = 'request'

/** The field in which an action takes one to five stars, if that is all it asks for. */
export function starsOf(kind: Pick<Kind, 'fields'> | undefined, action: Pick<ActionSpec | RecordAction, 'needs'>): FieldSpec | undefined {
  const field = action.needs.length === 1 ? kind?.fields.find(one => one.name === action.needs[0]) : undefined
  return field?.type === 'int' && field.least === 1 && field.most === 5 ? field : undefined
}
/** Whether a record waits for the stars of who filed it. */
export function asksStars(kind: Pick<Kind, 'fields' | 'actions'> | undefined, record: Pick<RecordLine, 'state'>): boolean {
  return !!kind?.actions.some(action => action.by.includes('reporter') && action.from.includes(record.state) && starsOf(kind, action))
}

/** What a resident can file, the request first. */
export function useMyKinds() {
  const { kinds } = useCatalogue()
  const { may } = useMe()
  return computed(() => kinds.value.filter(kind => may(kind.name, 'create')).sort((a, b) => Number(b.name === requestKind) - Number(a.name === requestKind)))
}

/** My records of one kind, newest first. */
export function useMyRecords(kind: () => string, limit = 20) {
  const list = useRecords(kind, limit)
  return { ...list, load: () => list.load({ mine: true, sort: '-created_at' }) }
}

/** The newest of all that I filed, of whatever kind, and what of it waits for my word. */
export function useMyLatest(limit = 10) {
  const mine = useMyKinds()
  const lists = mine.value.map(kind => ({ kind, list: useMyRecords(() => kind.name, limit) }))
  const records = computed(() => lists.flatMap(({ list }) => list.records.value).sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at)))
  const waiting = computed(() => lists.flatMap(({ kind, list }) => list.records.value.filter(record => asksStars(kind, record))))
  const busy = computed(() => lists.some(({ list }) => list.busy.value))
  const refusal = computed(() => lists.map(({ list }) => list.refusal.value).find(one => one) ?? null)
  const load = () => Promise.all(lists.map(({ list }) => list.load()))
  return { records, waiting, busy, refusal, load }
}
