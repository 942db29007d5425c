// SPDX-License-Identifier: Apache-2.0
import { computed, onMounted, shallowRef } from 'vue'
import type { AreaDetail } from '@/api/types'
import { areaDetail } from '@/area/use-area'
import { useMe } from '@/shell/use-me'

/** Where I live, and who answers the telephone there. */
export function useCommunity() {
  const { grant } = useMe()
  const area = shallowRef<AreaDetail | null>(null)
  const name = computed(() => area.value?.name ?? grant.value?.area.name ?? '')
  const above = computed(() => (area.value?.path ?? grant.value?.area.path ?? []).filter(step => step.id !== grant.value?.area.id && step.level !== 'province').slice(-2).map(step => step.name).join(' · '))
  onMounted(async () => {
    if (grant.value)
      area.value = await areaDetail(grant.value.area.id) ?? null
  })
  return { area, name, above, office: computed(() => area.value?.office ?? null), workers: computed(() => area.value?.workers ?? []) }
}
