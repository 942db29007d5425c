// SPDX-License-Identifier: Apache-2.0
import { ref, shallowRef } from 'vue'
import { api } from '@/api/client'
import { useCall } from '@/api/use-call'
import type { Board, Share } from '@/api/board-types'

/** "93.2 %", or a dash where nothing has ended yet. */
export function shareText(share: Share | null | undefined): string {
  return share?.share === null || share?.share === undefined ? '—' : `${Math.round(share.share * 1000) / 10}%`
}
/** The light beside a share: from 95 % green, from 85 % amber, below red; grey without cases. */
export function light(share: Share): 'ok' | 'warn' | 'late' | 'muted' {
  if (share.share === null || share.of === 0)
    return 'muted'
  if (share.share >= 0.95)
    return 'ok'
  return share.share >= 0.85 ? 'warn' : 'late'
}

/** The day from which `days` days up to and with that of `at` are counted, in China's calendar. */
export function dayBefore(at: string, days: number): string {
  const day = 24 * 3_600_000
  return new Date(Date.parse(at) + 8 * 3_600_000 - (days - 1) * day).toISOString().slice(0, 10)
}

export function useBoard() {
  const board = shallowRef<Board | null>(null)
  const days = ref(30)
  const { busy, refusal, run } = useCall()
  let asked = { kind: 'request', area: '', map: '' }

  async function load(kind = asked.kind, area = asked.area, map = asked.map) {
    asked = { kind, area, map }
    const given = await run(() => api.GET('/api/board', { params: { query: { kind, area: area || undefined, days: days.value, map: map || undefined } } }))
    if (given)
      board.value = given
  }
  return { board, days, busy, refusal, load }
}
