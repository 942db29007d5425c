// SPDX-License-Identifier: Apache-2.0
import { computed, ref, shallowRef } from 'vue'
import { api, ifMatch } from '@/api/client'
import type { Refusal } from '@/api/refusal'
import { useCall } from '@/api/use-call'
import type { ActionInputs, FullRecord, RecordAction } from '@/api/types'

export interface BulkItem { kind: string, id: string, number: string, title: string }
export interface BulkLine { item: BulkItem, record: FullRecord | null, done?: 'ok' | 'refused', refusal?: Refusal }

/** One action for many records: first looks what each allows, then does them one by one and says what happened. */
export function useBulk() {
  const lines = shallowRef<BulkLine[]>([])
  const looking = ref(false)
  const running = ref(false)
  const stopped = ref(false)
  const { run, refusal } = useCall()

  async function look(items: BulkItem[]) {
    looking.value = true
    const found = await Promise.all(items.map(async item => {
      const { data } = await api.GET('/api/records/{kind}/{id}', { params: { path: { kind: item.kind, id: item.id } } }).catch(() => ({ data: undefined }))
      return { item, record: data ?? null }
    }))
    lines.value = found
    looking.value = false
  }
  /** Actions that at least one of them allows, with how many do. */
  const actions = computed(() => {
    const known = new Map<string, { action: RecordAction, kind: string, count: number }>()
    for (const line of lines.value)
      for (const action of line.record?.actions ?? []) {
        const name = `${line.item.kind}/${action.name}`
        known.set(name, { action, kind: line.item.kind, count: (known.get(name)?.count ?? 0) + 1 })
      }
    return [...known.values()]
  })
  const allows = (line: BulkLine, kind: string, action: string) =>
    line.item.kind === kind && (line.record?.actions.some(one => one.name === action) ?? false)

  async function start(kind: string, action: string, inputs: ActionInputs) {
    running.value = true
    stopped.value = false
    for (const line of lines.value.filter(one => allows(one, kind, action) && one.done !== 'ok')) {
      if (stopped.value)
        break
      const given = await run(() => api.POST('/api/records/{kind}/{id}/actions/{action}', {
        params: { path: { kind, id: line.item.id, action }, header: ifMatch(line.record!.version) }, body: inputs,
      }))
      lines.value = lines.value.map(one => one === line ? { ...one, done: given ? 'ok' : 'refused', refusal: refusal.value ?? undefined } : one)
    }
    running.value = false
  }
  const stop = () => { stopped.value = true }
  const count = (done: 'ok' | 'refused') => lines.value.filter(line => line.done === done).length
  return { lines, actions, looking, running, look, allows, start, stop, count }
}
