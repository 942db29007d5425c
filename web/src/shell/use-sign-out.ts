// SPDX-License-Identifier: Apache-2.0
import { useRouter } from 'vue-router'
import { api } from '@/api/client'
import { useCall } from '@/api/use-call'
import { dropDrafts } from '@/record/use-draft'
import { toast } from '@/ui/toast'
import { setMe } from './use-me'
import { useRefusalText } from './use-refusal-text'

/** Leaves nothing behind for the next person at this device. Whoever cannot be signed out is told so. */
export function useSignOut() {
  const router = useRouter()
  const { busy, refusal, run } = useCall()
  const { text } = useRefusalText()
  async function leave() {
    await run(() => api.DELETE('/api/session'))
    if (refusal.value && refusal.value.status !== 401)
      return toast(text(refusal.value), 'late')
    dropDrafts()
    setMe(null)
    await router.replace('/sign-in')
  }
  return { busy, leave }
}
