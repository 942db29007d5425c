// SPDX-License-Identifier: Apache-2.0
/** Amounts of time, which the server keeps as minutes. Pure. */
import type { FieldValue } from '@/api/types'

/** Hours and minutes as typed, as minutes; what is no whole number goes as it was typed, so that the server can say so. */
export function minutesFrom(hours: FieldValue, minutes: FieldValue): FieldValue {
  if ((hours === null || hours === '') && (minutes === null || minutes === ''))
    return null
  for (const part of [hours, minutes])
    if (typeof part === 'string' && part !== '')
      return part
  return Math.round(Number(hours) * 60 + Number(minutes))
}
/** For words: whole hours and what remains. */
export function hoursAndMinutes(minutes: number): { hours: number, minutes: number } {
  return { hours: Math.floor(minutes / 60), minutes: minutes % 60 }
}
