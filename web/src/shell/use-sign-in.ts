// SPDX-License-Identifier: Apache-2.0
import { ref, shallowRef } from 'vue'
import { api } from '@/api/client'
import { useCall } from '@/api/use-call'
import type { DemoAccount, Me } from '@/api/types'
import { dropDrafts } from '@/record/use-draft'
import { setMe } from './use-me'

/** Signing in, and what the sign-in page offers: demo accounts, or making the first administrator. */
export function useSignIn() {
  const demo = shallowRef<DemoAccount[]>([])
  const setupNeeded = ref(false)
  const { busy, refusal, run } = useCall()
  let demoPassword = ''

  async function look() {
    const [offered, setup] = await Promise.all([
      api.GET('/api/demo').catch(() => ({ data: undefined })),
      api.GET('/api/setup').catch(() => ({ data: undefined })),
    ])
    demo.value = offered.data?.accounts ?? []
    demoPassword = offered.data?.password ?? ''
    setupNeeded.value = setup.data?.needed ?? false
  }
  async function signIn(login: string, password: string): Promise<Me | undefined> {
    const me = await run(() => api.POST('/api/session', { body: { login, password } }))
    if (me) {
      dropDrafts(me.account.id)
      setMe(me)
    }
    return me
  }
  const signInDemo = (account: DemoAccount) => signIn(account.login, demoPassword)
  return { demo, setupNeeded, busy, refusal, look, signIn, signInDemo }
}
