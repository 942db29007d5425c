// SPDX-License-Identifier: Apache-2.0
import { computed, ref, shallowRef } from 'vue'
import { api } from '@/api/client'
import type { Decision, Merge, Pair } from '@/api/registry-types'
import { useCall } from '@/api/use-call'

export type Queue = 'open' | 'later'

/** Persons who may be one, one pair after the other; the next ones are fetched when few are left. */
export function useDuplicates() {
  const pairs = shallowRef<Pair[]>([])
  const merges = shallowRef<Merge[]>([])
  const more = ref(false)
  const queue = ref<Queue>('open')
  const area = ref('')
  const reading = useCall()
  const deciding = useCall()
  const current = computed(() => pairs.value[0])

  async function load(where = area.value, state = queue.value) {
    area.value = where
    queue.value = state
    const query = { area: where || undefined }
    const [found, done] = await Promise.all([
      reading.run(() => api.GET('/api/duplicates', { params: { query: { ...query, state } } })),
      api.GET('/api/merges', { params: { query } }).catch(() => undefined),
    ])
    if (found) {
      pairs.value = found.pairs
      more.value = found.more
    }
    merges.value = done?.data?.merges ?? merges.value
  }
  /** What was decided about the pair in front; the id of a merge, true, or nothing if it was refused. */
  async function decide(decision: Decision, keep?: 'first' | 'second') {
    const pair = current.value
    if (!pair || deciding.busy.value)
      return undefined
    const path = { first: pair.first.id, second: pair.second.id }
    const done = await deciding.run(() => api.POST('/api/duplicates/{first}/{second}/decision', { params: { path }, body: { decision, ...(keep && { keep: pair[keep].id }) } }))
    if (!done)
      return undefined
    pairs.value = pairs.value.slice(1)
    if (done.merge || !pairs.value.length)
      await load()
    return done.merge ?? true
  }
  async function undo(id: string) {
    const done = await deciding.run(() => api.POST('/api/merges/{id}/undo', { params: { path: { id } }, body: {} }))
    if (done)
      await load()
    return !!done
  }
  return { pairs, merges, more, queue, current, reading: reading.busy, unread: reading.refusal, deciding: deciding.busy, refusal: deciding.refusal, load, decide, undo }
}
