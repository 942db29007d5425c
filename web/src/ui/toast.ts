// SPDX-License-Identifier: Apache-2.0
/** Short messages at the edge of the page; one may offer to take back what was done. */
import { reactive } from 'vue'

export interface Toast { id: number, text: string, tone: 'ok' | 'late' | 'info', undo?: () => void }
export const toasts = reactive<Toast[]>([])
let last = 0

export function dismiss(id: number) {
  const at = toasts.findIndex(toast => toast.id === id)
  if (at >= 0)
    toasts.splice(at, 1)
}
export function toast(text: string, tone: Toast['tone'] = 'ok', undo?: () => void) {
  const id = ++last
  toasts.push({ id, text, tone, undo })
  setTimeout(() => dismiss(id), undo ? 10_000 : 4_500)
}
