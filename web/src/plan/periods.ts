// SPDX-License-Identifier: Apache-2.0
/** Periods that figures are asked for: 2025, 2025-Q2, 2025-06, 2025-01..2025-06. */

/** The month of today in China, counted from January of year 0. */
export function monthOf(now: number): number {
  const day = new Date(now + 8 * 3_600_000)
  return day.getUTCFullYear() * 12 + day.getUTCMonth()
}
export const thisYear = (now: number) => String(Math.floor(monthOf(now) / 12))

/** What can be chosen: the quarters of this year so far, and the years since the plan began, newest first. */
export function choicesOf(fromYear: number, now: number): string[] {
  const month = monthOf(now)
  const year = Math.floor(month / 12)
  const quarters = Array.from({ length: Math.floor((month % 12) / 3) + 1 }, (_, i) => `${year}-Q${i + 1}`).reverse()
  const years = Array.from({ length: Math.max(1, year - fromYear + 1) }, (_, i) => String(year - i))
  return [years[0]!, ...quarters, ...years.slice(1)]
}

const whole = /^(\d{4})-(\d{2})\.\.(\d{4})-(\d{2})$/

/** A year or a quarter is called so, also where the server says it in months. */
export function shorter(period: string): string {
  const found = whole.exec(period)
  if (!found || found[1] !== found[3])
    return period
  const from = Number(found[2])
  const length = Number(found[4]) - from + 1
  if (length === 12)
    return found[1]!
  return length === 3 && from % 3 === 1 ? `${found[1]}-Q${(from + 2) / 3}` : period
}
/** Its parts for a sentence in the language of the page: "2025 年第二季度", "Q2 2025". */
export function partsOf(period: string): { key: 'year' | 'quarter' | 'other', year: string, n: number, text: string } {
  const text = shorter(period)
  const quarter = /^(\d{4})-Q([1-4])$/.exec(text)
  if (quarter)
    return { key: 'quarter', year: quarter[1]!, n: Number(quarter[2]), text }
  return /^\d{4}$/.test(text) ? { key: 'year', year: text, n: 0, text } : { key: 'other', year: '', n: 0, text }
}
