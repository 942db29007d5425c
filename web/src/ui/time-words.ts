// SPDX-License-Identifier: Apache-2.0
/** Time as people say it. Pure: takes `now`. */

export type Tone = 'ok' | 'warn' | 'late' | 'muted'
/** `key` is a text under time.*, `n` its number. */
export interface TimeWord { key: string, n: number, tone: Tone }

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

function amount(ms: number): { unit: 'minutes' | 'hours' | 'days', n: number } {
  if (ms < hour)
    return { unit: 'minutes', n: Math.max(1, Math.floor(ms / minute)) }
  if (ms < 2 * day)
    return { unit: 'hours', n: Math.floor(ms / hour) }
  return { unit: 'days', n: Math.floor(ms / day) }
}

/** What is left until `due`, or how long it is past. Under a day is a warning. */
export function timeLeft(due: string, now: number): TimeWord {
  const left = Date.parse(due) - now
  const { unit, n } = amount(Math.abs(left))
  if (left < 0)
    return { key: `late_${unit}`, n, tone: 'late' }
  return { key: `left_${unit}`, n, tone: left < day ? 'warn' : 'ok' }
}

/** How long ago something was: "3 hours ago"; from a week on a date says more, then `null`. */
export function timeAgo(at: string, now: number): { key: string, n: number } | null {
  const ms = Math.max(0, now - Date.parse(at))
  if (ms < minute)
    return { key: 'just_now', n: 0 }
  if (ms >= 7 * day)
    return null
  const { unit, n } = amount(ms)
  return { key: `ago_${unit}`, n }
}
/** Minutes as hours and minutes: "7.5". */
export function hoursOf(minutes: number): string {
  return String(Math.round(minutes / 6) / 10)
}
