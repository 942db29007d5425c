// SPDX-License-Identifier: Apache-2.0
import { onScopeDispose, readonly, ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { timeAgo, timeLeft } from './time-words'

const now = ref(Date.now())
let users = 0
let timer: ReturnType<typeof setInterval> | undefined

/** The present, renewed twice a minute while anyone looks. */
export function useNow() {
  now.value = Date.now()
  if (users++ === 0)
    timer = setInterval(() => { now.value = Date.now() }, 30_000)
  onScopeDispose(() => {
    if (--users === 0)
      clearInterval(timer)
  }, true)
  return readonly(now)
}

/** Dates and spans in the language of the page, always in China's time. */
export function useTime() {
  const { t, locale } = useI18n()
  const present = useNow()
  const format = (at: string, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale.value, { timeZone: 'Asia/Shanghai', ...options }).format(new Date(at))
  const thisYear = (at: string) => new Date(at).getFullYear() === new Date(present.value).getFullYear()

  /** "5月8日", with the year if it is another one. */
  const day = (at: string) => format(at, { ...(thisYear(at) ? {} : { year: 'numeric' }), month: 'short', day: 'numeric' })
  /** "5月8日 17:30". */
  const moment = (at: string) => `${day(at)} ${format(at, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })}`
  const exact = (at: string) => format(at, { year: 'numeric', month: 'long', day: 'numeric', weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const left = (due: string) => {
    const word = timeLeft(due, present.value)
    return { ...word, text: t(`time.${word.key}`, { n: word.n }) }
  }
  const ago = (at: string) => {
    const word = timeAgo(at, present.value)
    return word ? t(`time.${word.key}`, { n: word.n }) : day(at)
  }
  return { now: present, day, moment, exact, left, ago }
}
