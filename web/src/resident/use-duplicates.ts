// SPDX-License-Identifier: Apache-2.0
import { ref, shallowRef, watch } from 'vue'
import { api } from '@/api/client'
import type { Hint } from '@/api/follow-types'
import { useCall } from '@/api/use-call'
import { debounce } from '@/ui/debounce'
import { requestKind } from './use-my-records'
import type { ReportForm } from './use-report'

type Asked = Pick<ReportForm, 'area' | 'category' | 'description' | 'place'>

/** What of the form tells whether it was said before; null while there is too little to ask with. */
export function question(form: Asked) {
  const description = form.description.trim()
  if (!form.area || !(form.category || description))
    return null
  return { area: form.area, fields: { ...(form.category && { category: form.category }), ...(description && { description }), ...(form.place && { place: form.place }) } }
}

/** What others have reported nearby that may be the same, and "me too" instead of a second report. */
export function useDuplicates(form: Asked) {
  const hints = shallowRef<Hint[]>([])
  const asking = useCall()
  const { busy, refusal, run } = useCall()
  const done = ref('')

  async function ask() {
    const body = question(form)
    const found = body ? await asking.run(() => api.POST('/api/records/{kind}/duplicates', { params: { path: { kind: requestKind } }, body })) : { hints: [] }
    if (found)
      hints.value = found.hints
  }
  const soon = debounce(ask, 600)
  watch(() => JSON.stringify(question(form)), soon, { immediate: true })

  /** Follows a hint, or no longer. */
  async function toggle(hint: Hint) {
    const params = { params: { path: { kind: requestKind, id: hint.id } } }
    const stood = await run(() => hint.following ? api.DELETE('/api/records/{kind}/{id}/follow', params) : api.POST('/api/records/{kind}/{id}/follow', params))
    if (stood) {
      hints.value = hints.value.map(one => one.id === hint.id ? { ...one, ...stood } : one)
      done.value = stood.following ? hint.id : ''
    }
  }
  return { hints, busy, refusal, done, ask, toggle }
}
