// SPDX-License-Identifier: Apache-2.0
import { onMounted, onUnmounted } from 'vue'

/** Keys of the desk; a key after `g` is written "g i". Not while something is typed or a dialog is open. */
export function useKeys(keys: Record<string, () => void>) {
  let first = ''
  function pressed(event: KeyboardEvent) {
    const target = event.target as HTMLElement | null
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]') || target?.closest('input, textarea, select, [contenteditable]'))
      return
    if (event.key === 'Enter' && target?.closest('a, button'))
      return
    const name = first ? `${first} ${event.key}` : event.key
    first = !first && event.key === 'g' ? 'g' : ''
    const act = keys[name]
    if (act) {
      event.preventDefault()
      act()
    }
  }
  onMounted(() => document.addEventListener('keydown', pressed))
  onUnmounted(() => document.removeEventListener('keydown', pressed))
}
