// SPDX-License-Identifier: Apache-2.0
import { computed } from 'vue'
import { useRecords } from '@/record/use-records'
import { useCatalogue } from '@/record/use-catalogue'
import type { RecordLine } from '@/api/types'

export const requestKind = 'request'

/** My requests, newest first, and those that wait for my word. */
export function useMyRequests(limit = 20) {
  const list = useRecords(() => requestKind, limit)
  const { kind } = useCatalogue()
  const load = () => list.load({ mine: true, sort: '-created_at' })
  /** States in which the reporter is asked for something. */
  const asksMe = computed(() => new Set((kind(requestKind)?.actions ?? []).filter(action => action.by.includes('reporter') && action.needs.includes('satisfaction')).flatMap(action => action.from)))
  const waiting = computed(() => list.records.value.filter(record => asksMe.value.has(record.state)))
  const open = (record: RecordLine) => !kind(requestKind)?.states.find(state => state.name === record.state)?.final && record.state !== 'withdrawn'
  return { ...list, load, waiting, open }
}
