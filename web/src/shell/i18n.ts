// SPDX-License-Identifier: Apache-2.0
import { createI18n } from 'vue-i18n'
import type { Title } from '@/api/types'
import { preferences, type Language } from './preferences'

/** Texts of one language are loaded when it is chosen. */
const texts: Record<Language, () => Promise<{ default: object }>> = {
  'zh-CN': () => import('@/locales/zh-CN.json'),
  en: () => import('@/locales/en.json'),
}

export const i18n = createI18n({ legacy: false, locale: 'zh-CN', fallbackLocale: false, missingWarn: false, messages: {} })

export async function setLanguage(language: Language) {
  if (!i18n.global.availableLocales.includes(language as never))
    i18n.global.setLocaleMessage(language as never, (await texts[language]()).default as never)
  i18n.global.locale.value = language as never
  preferences.language = language
}

/** A title of the catalogue in the language of the page. */
export function say(title: Title | null | undefined): string {
  if (!title)
    return ''
  return (preferences.language === 'en' ? title.en || title.zh : title.zh) ?? ''
}

/** "a, b, c" as the language of the page writes it. */
export function listed(parts: readonly string[]): string {
  return new Intl.ListFormat(preferences.language, { type: 'conjunction', style: 'narrow' }).format(parts)
}
/** Sentences after each other, for reading aloud. */
export function sentences(parts: readonly string[]): string {
  return parts.filter(Boolean).join(preferences.language === 'en' ? '. ' : '。')
}

/** What a record is called, in the language of the page. */
export function titleOf(record: { title: string, title_en?: string }): string {
  return say({ zh: record.title, en: record.title_en ?? '' })
}
