// SPDX-License-Identifier: Apache-2.0
import { onBeforeUnmount, onMounted } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'

/** Asks before the page is left, in the browser or in the program, while there is something that would be lost. */
export function useLeaving(unsaved: () => boolean) {
  const { t } = useI18n()
  const router = useRouter()
  const closing = (event: BeforeUnloadEvent) => {
    if (unsaved())
      event.preventDefault()
  }
  const stop = router.beforeEach(() => !unsaved() || globalThis.confirm(t('common.leave_ask')))
  onMounted(() => globalThis.addEventListener('beforeunload', closing))
  onBeforeUnmount(() => {
    stop()
    globalThis.removeEventListener('beforeunload', closing)
  })
}
