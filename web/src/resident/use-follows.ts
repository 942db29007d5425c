// SPDX-License-Identifier: Apache-2.0
import { shallowRef } from 'vue'
import { api } from '@/api/client'
import type { Followed } from '@/api/follow-types'
import { useCall } from '@/api/use-call'

/** What I follow of others' reports. What is news is so until it was shown once. */
export function useFollows() {
  const follows = shallowRef<Followed[]>([])
  const { refusal, run } = useCall()
  const path = (one: Followed) => ({ params: { path: { kind: one.kind, id: one.id } } })

  async function load() {
    follows.value = (await run(() => api.GET('/api/follows')))?.follows ?? follows.value
    for (const one of follows.value.filter(each => each.news))
      await api.POST('/api/records/{kind}/{id}/follow/read', path(one)).catch(() => undefined)
  }
  async function stop(one: Followed) {
    if (await run(() => api.DELETE('/api/records/{kind}/{id}/follow', path(one))))
      follows.value = follows.value.filter(other => other.id !== one.id)
  }
  return { follows, refusal, load, stop }
}
