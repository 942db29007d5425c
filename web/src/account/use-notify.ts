// SPDX-License-Identifier: Apache-2.0
import { computed, onMounted, reactive, shallowRef } from 'vue'
import { api } from '@/api/client'
import type { Notify, NotifyChannel } from '@/api/account-types'
import { useCall } from '@/api/use-call'
import { preferences } from '@/shell/preferences'

export const minuteOf = (clock: string) => {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return hours * 60 + minutes
}
export const clockOf = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

/** How one is told outside of the system: addresses, proven by a code, and what is sent to them. */
export function useNotify() {
  const state = shallowRef<Notify | null>(null)
  const wish = reactive({ remind: [] as NotifyChannel[], escalate: [] as NotifyChannel[], moved: [] as NotifyChannel[], quiet: false, from: '22:00', to: '07:00', urgent_breaks: false })
  const { busy, refusal, run } = useCall()
  const saving = useCall()
  const language = () => preferences.language === 'en' ? 'en' : 'zh'

  function take(answer: Notify | undefined) {
    if (!answer)
      return false
    state.value = answer
    const quiet = answer.quiet_from !== answer.quiet_to
    Object.assign(wish, { remind: answer.remind, escalate: answer.escalate, moved: answer.moved, urgent_breaks: answer.urgent_breaks, quiet },
      quiet ? { from: clockOf(answer.quiet_from), to: clockOf(answer.quiet_to) } : {})
    return true
  }
  const load = async () => take(await run(() => api.GET('/api/account/notify')))
  onMounted(load)
  const path = (channel: NotifyChannel) => ({ params: { path: { channel } } })
  const give = async (channel: NotifyChannel, address: string) =>
    take(await run(() => api.POST('/api/account/notify/{channel}', { ...path(channel), body: { address, language: language() } })))
  const confirm = async (channel: NotifyChannel, code: string) =>
    take(await run(() => api.POST('/api/account/notify/{channel}/confirm', { ...path(channel), body: { code } })))
  const forget = async (channel: NotifyChannel) => take(await run(() => api.DELETE('/api/account/notify/{channel}', path(channel))))
  const save = async () => take(await saving.run(() => api.PUT('/api/account/notify', { body: {
    language: language(), remind: wish.remind, escalate: wish.escalate, moved: wish.moved, urgent_breaks: wish.urgent_breaks,
    quiet_from: wish.quiet ? minuteOf(wish.from) : 0, quiet_to: wish.quiet ? minuteOf(wish.to) : 0,
  } })))
  const channels = computed(() => state.value?.channels.filter(one => one.offered || one.address) ?? [])
  const ready = computed(() => channels.value.filter(one => one.confirmed && one.offered))
  return { state, wish, channels, ready, busy, refusal, saving: saving.busy, saveRefusal: saving.refusal, load, give, confirm, forget, save }
}
