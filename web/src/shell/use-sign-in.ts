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
  /** After the password of an account with a second factor: the word that the code goes with. */
  const challenge = ref('')
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
  function enter(me: Me | undefined): Me | undefined {
    if (me) {
      dropDrafts(me.account.id)
      setMe(me)
    }
    return me
  }
  async function signIn(login: string, password: string): Promise<Me | undefined> {
    const answer = await run(() => api.POST('/api/session', { body: { login, password } }))
    if (!answer)
      return undefined
    if ('second_factor' in answer) {
      challenge.value = answer.second_factor
      return undefined
    }
    return enter(answer)
  }
  const giveCode = async (code: string) => {
    const me = enter(await run(() => api.POST('/api/session/second', { body: { challenge: challenge.value, code } })))
    if (refusal.value?.code === 'challenge_over')
      challenge.value = ''
    return me
  }
  const replaceExpired = async (body: { login: string, password: string, new: string, code?: string }) =>
    enter(await run(() => api.POST('/api/session/expired', { body })))
  const signInDemo = (account: DemoAccount) => signIn(account.login, demoPassword)
  return { demo, setupNeeded, challenge, busy, refusal, look, signIn, giveCode, replaceExpired, signInDemo }
}
