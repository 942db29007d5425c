// SPDX-License-Identifier: Apache-2.0
/** What is said about figures and targets, in the language of the page. */
import { useI18n } from 'vue-i18n'
import type { Origin, Standing, Target } from '@/api/plan-types'
import type { Title } from '@/api/types'
import { say } from '@/shell/i18n'
import { partsOf } from './periods'

export const standings = ['behind', 'near', 'met', 'no_value', 'no_target'] as const
const looks: Record<Standing, { tone: string, icon: string }> = {
  met: { tone: 'ok', icon: 'check' }, near: { tone: 'warn', icon: 'clock' }, behind: { tone: 'late', icon: 'alert' },
  no_value: { tone: 'plain', icon: 'help' }, no_target: { tone: 'plain', icon: 'eye' },
}
export const lookOf = (standing: Standing) => looks[standing]

/** Numbers of an indicator: as many digits as it is kept with, thousands apart. */
export function number(value: number | null, digits: number, language: string): string {
  return value === null ? '—' : value.toLocaleString(language, { minimumFractionDigits: 0, maximumFractionDigits: digits })
}
const comparisons: Record<string, string> = { '>=': 'least', '>': 'over', '<=': 'most', '<': 'under', '=': 'exactly', 'about': 'about' }

export function usePlanWords() {
  const { t, locale } = useI18n()
  const shown = (value: number | null, digits: number) => number(value, digits, locale.value)
  const withUnit = (value: number | null, figure: { digits: number, unit: Title }) => {
    const unit = say(figure.unit)
    return value === null || !unit ? shown(value, figure.digits) : `${shown(value, figure.digits)}${unit === '%' ? '' : ' '}${unit}`
  }
  const target = (one: Target | null, figure: { digits: number, unit: Title }) => {
    if (!one)
      return ''
    const words = t(`plan.compare.${comparisons[one.comparison] ?? 'exactly'}`, { value: withUnit(one.value, { ...figure, digits: Math.max(figure.digits, 2) }) })
    return one.within === null ? words : `${words} ± ${one.within}`
  }
  const period = (text: string) => {
    const parts = partsOf(text)
    return t(`plan.period.${parts.key}`, { year: parts.year, n: parts.n, text: parts.text })
  }
  /** Instead of a value that is not there: why. */
  const missing = (origin: Origin) => origin === 'withheld' ? t('plan.withheld') : t('plan.standing.no_value')
  return { shown, withUnit, target, period, missing }
}
