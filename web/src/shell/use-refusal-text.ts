// SPDX-License-Identifier: Apache-2.0
import { useI18n } from 'vue-i18n'
import type { Refusal } from '@/api/refusal'
import type { Problem } from '@/api/types'

/** Refusals in words: the translation of the code; for an unknown code what the server said, or the status in words. */
export function useRefusalText() {
  const { t, te } = useI18n()
  const word = (code: string) => te(`refusal.${code}`) ? t(`refusal.${code}`) : ''

  function text(refusal: Refusal): string {
    return word(refusal.code) || refusal.detail || word(`http_${refusal.status}`) || t('refusal.unknown', { code: refusal.code })
  }
  function problemText(problem: Problem): string {
    return te(`problem.${problem.code}`) ? t(`problem.${problem.code}`) : problem.detail || problem.code
  }
  return { text, problemText }
}
