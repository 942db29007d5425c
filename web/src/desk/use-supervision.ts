// SPDX-License-Identifier: Apache-2.0
import { computed, ref } from 'vue'
import { api, ifMatch } from '@/api/client'
import { useCall } from '@/api/use-call'
import type { RecordLine } from '@/api/types'
import { useRecords } from '@/record/use-records'

/** Stages of a supervision order, and the action that takes it on to the next one. */
const stages = [
  { state: 'reminded', next: 'urge' }, { state: 'urged', next: 'circulate' }, { state: 'circulated', next: '' }, { state: 'answered', next: '' },
] as const

/** What is overdue in an area, and the supervision orders there by stage. */
export function useSupervision() {
  const overdue = useRecords(() => 'request', 30)
  const tracks = stages.map(stage => ({ ...stage, orders: useRecords(() => 'supervision', 20) }))
  const act = useCall()
  const area = ref('')

  async function load(where = area.value) {
    area.value = where
    const query = { area: where || undefined, sort: 'due_at' }
    await Promise.all([overdue.load({ ...query, overdue: true }), ...tracks.map(track => track.orders.load({ ...query, sort: 'created_at', state: track.state }))])
  }
  /** Takes an action of a record as it was listed; false if it was refused. */
  async function take(record: RecordLine, action: string, reason: string) {
    const done = await act.run(() => api.POST('/api/records/{kind}/{id}/actions/{action}', {
      params: { path: { kind: record.kind, id: record.id, action }, header: ifMatch(record.version) }, body: reason ? { reason } : {},
    }))
    if (done)
      await load()
    return !!done
  }
  const busy = computed(() => overdue.busy.value)
  return { overdue, tracks, busy, acting: act.busy, refusal: act.refusal, clear: act.clear, load, take }
}
