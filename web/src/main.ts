// SPDX-License-Identifier: Apache-2.0
import { createApp } from 'vue'
import App from './App.vue'
import { applyPreferences, preferences } from './shell/preferences'
import { i18n, setLanguage } from './shell/i18n'
import { router } from './shell/router'
import './ui/base.css'

applyPreferences()
void setLanguage(preferences.language).then(() => createApp(App).use(i18n).use(router).mount('#app'))
