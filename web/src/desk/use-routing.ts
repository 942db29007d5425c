// SPDX-License-Identifier: Apache-2.0
import { shallowRef } from 'vue'
import { api } from '@/api/client'
import type { Replay } from '@/api/board-types'
import { useCall } from '@/api/use-call'

export interface Trial { when: string, words: string }

/** Words as people part them, with commas between as the server takes them. */
export function wordsOf(text: string): string {
  return text.split(/[,，、;；\s]+/).filter(word => word !== '').join(',')
}
/** The first day of so many days up to and with the day of `now`, in China's calendar. */
export function firstDay(now: Date, days: number): string {
  return new Date(now.getTime() + 8 * 3_600_000 - (days - 1) * 24 * 3_600_000).toISOString().slice(0, 10)
}

/** What the rules of routing, and one on trial, say of past records of a kind. Changes nothing. */
export function useRouting(kind: string) {
  const replay = shallowRef<Replay | null>(null)
  const { busy, refusal, run } = useCall()
  async function load(area: string, days: number, trial: Trial = { when: '', words: '' }) {
    const query = { area: area || undefined, from: firstDay(new Date(), days), when: trial.when.trim() || undefined, words: wordsOf(trial.words) || undefined }
    const given = await run(() => api.GET('/api/routing/{kind}', { params: { path: { kind }, query } }))
    if (given)
      replay.value = given
  }
  return { replay, busy, refusal, load }
}
