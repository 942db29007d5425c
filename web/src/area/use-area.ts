// SPDX-License-Identifier: Apache-2.0
/** The area that the page is about: from the address of the page (?area=), else where one works. */
import { computed, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { api } from '@/api/client'
import type { AreaDetail, AreaStep } from '@/api/types'
import { useMe } from '@/shell/use-me'

const kept = new Map<string, Promise<AreaDetail | undefined>>()
export function areaDetail(id: string): Promise<AreaDetail | undefined> {
  const known = kept.get(id) ?? api.GET('/api/areas/{id}', { params: { path: { id } } }).then(answer => answer.data).catch(() => undefined)
  kept.set(id, known)
  void known.then(found => found ?? kept.delete(id))
  return known
}

export function useArea() {
  const route = useRoute()
  const router = useRouter()
  const { grant } = useMe()
  const given = computed(() => typeof route.query.area === 'string' && /^\d+$/.test(route.query.area) ? route.query.area : '')
  const id = computed(() => given.value || grant.value?.area.id || '')
  const detail = shallowRef<AreaDetail | null>(null)

  watch(id, async wanted => {
    const found = wanted ? await areaDetail(wanted) : undefined
    if (wanted === id.value)
      detail.value = found ?? null
  }, { immediate: true })

  const path = computed<AreaStep[]>(() => {
    const area = detail.value ?? grant.value?.area
    if (!area)
      return []
    const steps = area.path ?? []
    return steps.some(step => step.id === area.id) ? steps : [...steps, { id: area.id, name: area.name, level: area.level }]
  })
  function choose(area: { id: string }) {
    return router.push({ path: route.path, query: { ...route.query, area: area.id } })
  }
  return { id, given, detail, path, choose }
}
