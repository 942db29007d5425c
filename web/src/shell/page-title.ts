// SPDX-License-Identifier: Apache-2.0
/** What the window is called, and where the focus goes when the page changes. */
import { nextTick, watch } from 'vue'
import type { Router } from 'vue-router'
import { useCatalogue } from '@/record/use-catalogue'
import { i18n, say } from './i18n'

/** Kinds are named as the catalogue names them; records never, as titles stay in the history of the browser. */
export function watchTitle(router: Router) {
  const { catalogue } = useCatalogue()
  const { t, te } = i18n.global
  watch([router.currentRoute, catalogue, i18n.global.locale], () => {
    const { name, params } = router.currentRoute.value
    const kind = name !== 'inbox' && typeof params.kind === 'string' ? say(catalogue.value?.kinds[params.kind]?.title) : ''
    const page = kind || (te(`page.${String(name)}`) ? t(`page.${String(name)}`) : '')
    document.title = [page, t('shell.name')].filter(Boolean).join(' · ')
  })
}

/** To the heading of the new page, so that a screen reader begins there; not away from what is being typed. */
export async function focusPage(tries = 20) {
  await nextTick()
  const on = document.activeElement
  if (on?.matches('input, textarea, select') || document.querySelector('dialog[open]'))
    return
  const heading = document.querySelector<HTMLElement>('main h1')
  if (!heading) {
    if (tries)
      setTimeout(() => void focusPage(tries - 1), 50)
    return
  }
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
}
