// SPDX-License-Identifier: Apache-2.0
import { createApp } from 'vue'
import App from './App.vue'
import { applyPreferences, preferences } from './shell/preferences'
import { i18n, setLanguage } from './shell/i18n'
import { router } from './shell/router'
import { toast } from './ui/toast'
import './ui/base.css'

applyPreferences()
void setLanguage(preferences.language).then(() => {
  const app = createApp(App).use(i18n).use(router)
  app.config.errorHandler = error => {
    globalThis.reportError?.(error)
    toast(i18n.global.t('shell.went_wrong'), 'late')
  }
  app.mount('#app')
})
