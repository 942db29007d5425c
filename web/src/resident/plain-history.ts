// SPDX-License-Identifier: Apache-2.0
import type { HistoryEntry } from '@/api/types'

/** What a resident reads of the history: steps and answers, not corrections of fields or what clocks remind offices of. */
export function plainHistory(entries: HistoryEntry[]): HistoryEntry[] {
  const inner = new Set(['remind', 'urge', 'change', 'unmask'])
  return entries.filter(entry => !inner.has(entry.action))
}
