// SPDX-License-Identifier: Apache-2.0
/** Language, light or dark, and elder mode: kept in the browser, shown as attributes of the page. */
import { reactive, watch } from 'vue'

export type Language = 'zh-CN' | 'en'
export type Theme = 'auto' | 'light' | 'dark'
export interface Preferences { language: Language, theme: Theme, elder: boolean }

const key = 'linli.preferences'

export function readPreferences(text: string | null): Preferences {
  const given = safely(text)
  return {
    language: given.language === 'en' ? 'en' : 'zh-CN',
    theme: given.theme === 'light' || given.theme === 'dark' ? given.theme : 'auto',
    elder: given.elder === true,
  }
}
function safely(text: string | null): Partial<Preferences> {
  try {
    return (JSON.parse(text ?? '{}') ?? {}) as Partial<Preferences>
  }
  catch {
    return {}
  }
}
function stored(): string | null {
  try {
    return localStorage.getItem(key)
  }
  catch {
    return null
  }
}

export const preferences = reactive<Preferences>(readPreferences(stored()))

const darkQuery = globalThis.matchMedia?.('(prefers-color-scheme: dark)')

export function isDark(): boolean {
  return preferences.theme === 'dark' || (preferences.theme === 'auto' && darkQuery?.matches === true)
}

export function applyPreferences() {
  const root = document.documentElement
  const show = () => {
    root.dataset.theme = isDark() ? 'dark' : 'light'
    root.lang = preferences.language
    root.toggleAttribute('data-elder', preferences.elder)
    document.querySelector('meta[name=theme-color]')?.setAttribute('content', isDark() ? '#0d1516' : '#0b6670')
  }
  darkQuery?.addEventListener('change', show)
  watch(preferences, () => {
    show()
    try {
      localStorage.setItem(key, JSON.stringify(preferences))
    }
    catch { /* private windows forget; nothing else is lost */ }
  })
  show()
}
