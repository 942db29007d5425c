// SPDX-License-Identifier: Apache-2.0
import { watch } from 'vue'
import { debounce } from '@/ui/debounce'

function storage(): Storage | null {
  try {
    return globalThis.localStorage ?? null
  }
  catch {
    return null
  }
}
/** Reads what was being written when the page was left. */
export function readDraft<T extends object>(name: string): T | null {
  try {
    return JSON.parse(storage()?.getItem(`linli.draft.${name}`) ?? 'null') as T | null
  }
  catch {
    return null
  }
}
/** Keeps what is being written in this browser until it is sent. */
export function useDraft<T extends object>(name: string, form: T, ms = 400) {
  const found = readDraft<T>(name)
  if (found)
    Object.assign(form, found)
  let over = false
  const save = debounce(() => {
    if (over)
      return
    try {
      storage()?.setItem(`linli.draft.${name}`, JSON.stringify(form))
    }
    catch { /* a full storage loses the draft, not the page */ }
  }, ms)
  watch(form, save, { deep: true })
  function drop() {
    over = true
    storage()?.removeItem(`linli.draft.${name}`)
  }
  return { found: found !== null, drop }
}
