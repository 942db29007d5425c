// SPDX-License-Identifier: Apache-2.0
import { useI18n } from 'vue-i18n'

/** "5 working days" as {n: 5, unit: "working_days"}; null for what is not a limit of the catalogue. */
export function parseLimit(limit: string): { n: string, unit: string } | null {
  const found = /^(\d+(?:\.\d+)?) (working |natural |calendar )?(minute|hour|day|week|month|year)s?$/.exec(limit.trim())
  return found ? { n: found[1]!, unit: `${found[2]?.startsWith('working') ? 'working_' : ''}${found[3]}s` } : null
}
/** Many minutes are said in days: a clock that ends with a day of the record's own counts it to its last minute. */
function whole(parsed: ReturnType<typeof parseLimit>) {
  const minutes = parsed?.unit === 'minutes' ? Number(parsed.n) : 0
  return minutes >= 1439 ? { n: String(Math.round(minutes / 1440)), unit: 'days' } : parsed
}
/** Limits of the catalogue in the language of the page. */
export function useLimit() {
  const { t } = useI18n()
  function limitText(limit: string | null | undefined): string {
    const parsed = whole(parseLimit(limit ?? ''))
    return parsed ? t(`limit.${parsed.unit}`, { n: parsed.n }) : limit ?? ''
  }
  return { limitText }
}
