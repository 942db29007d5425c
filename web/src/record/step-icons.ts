// SPDX-License-Identifier: Apache-2.0
import type { HistoryEntry } from '@/api/types'

const byAction: Record<string, string> = {
  create: 'send', accept: 'check', assign: 'next', return: 'back', wait: 'pause', continue: 'refresh', resolve: 'check', rate: 'star', reopen: 'history',
  close: 'lock', withdraw: 'close', change: 'edit', file: 'image', remind: 'bell', urge: 'alert', raise: 'up', breach: 'alert', unmask: 'eye', import: 'upload',
}
const late = new Set(['urge', 'raise', 'breach', 'return', 'reopen'])
const good = new Set(['resolve', 'rate', 'close'])

type Step = Pick<HistoryEntry, 'action' | 'state_before' | 'state_after'>

export function iconOf(entry: Step): string {
  return byAction[entry.action] ?? (entry.state_after === entry.state_before ? 'edit' : 'next')
}
export function toneOf(entry: Step): 'ok' | 'late' | 'go' | 'plain' {
  if (late.has(entry.action))
    return 'late'
  if (good.has(entry.action))
    return 'ok'
  return entry.state_after && entry.state_after !== entry.state_before ? 'go' : 'plain'
}
