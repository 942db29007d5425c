// SPDX-License-Identifier: Apache-2.0
/** Drafts belong to who wrote them: the account is in their name, and signing out or in as another removes them. */
import { watch } from 'vue'
import { useMe } from '@/shell/use-me'
import { debounce } from '@/ui/debounce'

const prefix = 'linli.draft.'
const { me } = useMe()
const keyOf = (name: string) => `${prefix}${me.value?.account.id ?? ''}.${name}`

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
    return JSON.parse(storage()?.getItem(keyOf(name)) ?? 'null') as T | null
  }
  catch {
    return null
  }
}
/** Removes the drafts of everybody but `account`. */
export function dropDrafts(account = '') {
  const store = storage()
  const names = store ? Array.from({ length: store.length }, (_, i) => store.key(i) ?? '') : []
  for (const name of names)
    if (name.startsWith(prefix) && !(account && name.startsWith(`${prefix}${account}.`)))
      store?.removeItem(name)
}
/** Keeps what is being written in this browser until it is sent. */
export function useDraft<T extends object>(name: string, form: T, ms = 400) {
  const key = keyOf(name)
  const found = readDraft<T>(name)
  if (found)
    Object.assign(form, found)
  let over = false
  const save = debounce(() => {
    if (over || key !== keyOf(name))
      return
    try {
      storage()?.setItem(key, JSON.stringify(form))
    }
    catch { /* a full storage loses the draft, not the page */ }
  }, ms)
  watch(form, save, { deep: true })
  function drop() {
    over = true
    storage()?.removeItem(key)
  }
  return { found: found !== null, drop }
}
