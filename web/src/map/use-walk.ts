// SPDX-License-Identifier: Apache-2.0
/** The ground within a walk of a place. */
import { ref, shallowRef, watch, type Ref } from 'vue'
import { api } from '@/api/client'
import { useCall } from '@/api/use-call'
import type { Isochrone } from '@/api/map-types'
import { pointText } from './view'

export function useWalk(area: Ref<string>) {
  const at = shallowRef<{ lon: number, lat: number } | null>(null)
  const minutes = ref(15)
  const walker = ref('')
  const walk = shallowRef<Isochrone | null>(null)
  const { busy, refusal, run, clear } = useCall()

  async function load() {
    if (!at.value)
      return
    const query = { area: area.value, at: pointText(at.value), minutes: minutes.value, walker: walker.value || undefined }
    walk.value = await run(() => api.GET('/api/spatial/isochrone', { params: { query } })) ?? null
  }
  function from(place: { lon: number, lat: number }) {
    at.value = place
    void load()
  }
  function forget() {
    at.value = null
    walk.value = null
    clear()
  }
  watch([minutes, walker], load)
  watch(area, forget)
  return { at, minutes, walker, walk, busy, refusal, from, forget }
}
