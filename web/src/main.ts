// SPDX-License-Identifier: Apache-2.0
import { createApp } from 'vue'
import App from './App.vue'
import { applyPreferences, preferences } from './shell/preferences'
import { i18n, setLanguage } from './shell/i18n'
import { router } from './shell/router'
import { loadMe } from './shell/use-me'
import { toast } from './ui/toast'
import './ui/base.css'

applyPreferences()
/** Who is signed in and the pages of this address are asked for beside the texts, not after them: on a slow line every wait counts. */
const here = router.resolve(location.pathname)
if (!here.meta.open) {
  void loadMe()
  for (const { components } of here.matched)
    if (typeof components?.default === 'function')
      void (components.default as () => Promise<unknown>)().catch(() => {})
}
void setLanguage(preferences.language).then(() => {
  const app = createApp(App).use(i18n).use(router)
  app.config.errorHandler = error => {
    globalThis.reportError?.(error)
    toast(i18n.global.t('shell.went_wrong'), 'late')
  }
  app.mount('#app')
})
