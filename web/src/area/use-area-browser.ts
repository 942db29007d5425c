// SPDX-License-Identifier: Apache-2.0
import { computed, ref, shallowRef } from 'vue'
import { api } from '@/api/client'
import { useCall } from '@/api/use-call'
import type { Area, AreaStep } from '@/api/types'

/** Walking the tree of areas: where one stands, what lies below, and search within. `at` shows the tree of another day. */
export function useAreaBrowser(limit = 200) {
  const path = shallowRef<AreaStep[]>([])
  const areas = shallowRef<Area[]>([])
  const total = ref(0)
  const words = ref('')
  const at = ref('')
  const { busy, refusal, run } = useCall()
  const here = computed<AreaStep | null>(() => path.value.at(-1) ?? null)

  async function list() {
    const q = words.value.trim()
    const answer = await run(() => api.GET('/api/areas', {
      params: { query: { under: here.value?.id, q: q || undefined, at: at.value || undefined, limit } },
    }))
    areas.value = answer?.areas ?? []
    total.value = answer?.total ?? 0
  }
  async function enter(area: AreaStep | null) {
    words.value = ''
    if (!area) {
      path.value = []
    }
    else {
      const known = path.value.findIndex(step => step.id === area.id)
      path.value = known >= 0 ? path.value.slice(0, known + 1) : [...path.value, { id: area.id, name: area.name, level: area.level }]
    }
    await list()
  }
  /** Stands on an area found by search or link, with the way to it. */
  async function jump(id: string) {
    words.value = ''
    const detail = await run(() => api.GET('/api/areas/{id}', { params: { path: { id } } }))
    if (!detail)
      return list()
    const self: AreaStep = { id: detail.id, name: detail.name, level: detail.level }
    path.value = detail.path.some(step => step.id === detail.id) ? detail.path : [...detail.path, self]
    await list()
  }
  return { path, areas, total, words, at, here, busy, refusal, list, enter, jump }
}
