// SPDX-License-Identifier: Apache-2.0
import { computed, shallowRef } from 'vue'
import { bringLedger } from '@/api/files'
import type { LedgerPreview } from '@/api/ledger-types'
import { useCall } from '@/api/use-call'

/** An office's table is first only read; it becomes the ledger when whoever looked at it says so. */
export function useLedgerImport(plan: string, area: string) {
  const table = shallowRef<File | null>(null)
  const seen = shallowRef<LedgerPreview | null>(null)
  const { busy, refusal, run, clear } = useCall()
  /** Names in the table that no unit here bears, with how many tasks. */
  const strangers = computed(() => {
    const counts = new Map<string, number>()
    for (const name of seen.value?.tasks.flatMap(draft => draft.unknown) ?? [])
      counts.set(name, (counts.get(name) ?? 0) + 1)
    return [...counts].map(([name, tasks]) => ({ name, tasks })).sort((a, b) => b.tasks - a.tasks)
  })

  async function look(file: File) {
    table.value = file
    seen.value = null
    seen.value = await run(() => bringLedger(plan, area, 'preview', file)) ?? null
  }
  /** How many tasks were taken in; 0 if the server said no. */
  async function take(): Promise<number> {
    if (!table.value)
      return 0
    return (await run(() => bringLedger(plan, area, 'import', table.value!)))?.imported ?? 0
  }
  function reset() {
    table.value = null
    seen.value = null
    clear()
  }
  return { table, seen, strangers, busy, refusal, look, take, reset }
}
