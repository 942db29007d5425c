// SPDX-License-Identifier: Apache-2.0
import { ref, shallowRef } from 'vue'
import { importSheet } from '@/api/files'
import { useCall } from '@/api/use-call'
import type { ImportResult } from '@/api/types'

/** A sheet is first only checked; it is taken in once it has no problem. */
export function useImport(kind: string) {
  const sheet = shallowRef<File | null>(null)
  const checked = shallowRef<ImportResult | null>(null)
  const done = ref(false)
  const { busy, refusal, run, clear } = useCall()

  let checking: AbortController | null = null

  async function check(file: File) {
    const mine = checking = new AbortController()
    sheet.value = file
    checked.value = null
    done.value = false
    checked.value = await run(() => importSheet(kind, file, true, mine.signal)) ?? null
    if (mine.signal.aborted)
      reset()
  }
  /** Only the check can be given up: what is being taken in is taken in whole or not at all. */
  function cancel() {
    checking?.abort()
  }
  async function take() {
    if (!sheet.value)
      return false
    const result = await run(() => importSheet(kind, sheet.value!, false))
    if (!result)
      return false
    checked.value = result
    done.value = result.problems.length === 0
    return done.value
  }
  function reset() {
    sheet.value = null
    checked.value = null
    done.value = false
    clear()
  }
  return { sheet, checked, done, busy, refusal, check, cancel, take, reset }
}
