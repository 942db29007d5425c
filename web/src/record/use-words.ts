// SPDX-License-Identifier: Apache-2.0
import { useI18n } from 'vue-i18n'
import type { FieldSpec, FieldValue } from '@/api/types'
import { listed } from '@/shell/i18n'
import { useTime } from '@/ui/use-time'
import { valueText } from './format'
import { hoursAndMinutes } from './span'
import { useCatalogue } from './use-catalogue'

/** Values of fields in the language of the page. */
export function useWords() {
  const { t } = useI18n()
  const { day, moment } = useTime()
  const { choiceTitle } = useCatalogue()
  function span(minutes: number) {
    const parts = hoursAndMinutes(minutes)
    return [parts.hours ? `${parts.hours} ${t('time.hours')}` : '', parts.minutes || !parts.hours ? `${parts.minutes} ${t('time.minutes')}` : ''].filter(Boolean).join(' ')
  }
  const text = (field: FieldSpec, value: FieldValue | undefined) =>
    valueText(field, value, { choice: choiceTitle, yes: t('common.yes'), no: t('common.no'), list: listed, day, moment, span })
  return { text }
}
