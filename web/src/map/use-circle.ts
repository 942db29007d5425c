// SPDX-License-Identifier: Apache-2.0
/** Who is covered by a circle, who is not, and what moving a facility would change. */
import { computed, shallowRef, watch, type Ref } from 'vue'
import { api } from '@/api/client'
import { useCall } from '@/api/use-call'
import type { AreaCoverage, Coverage, Gap, MapPlace, WhatIf } from '@/api/map-types'
import { pointText } from './view'

export interface Held { place: MapPlace, lon: number, lat: number }

/** The row of an area as it would be, else as it is. */
export function rowsThen(coverage: Coverage, then: WhatIf | null): (AreaCoverage & { before: number[] })[] {
  const changed = new Map((then?.areas ?? []).map(row => [row.area, row.covered]))
  return coverage.areas.map(row => ({ ...row, before: row.covered, covered: changed.get(row.area) ?? row.covered }))
}

export function useCircle(area: Ref<string>, circle: Ref<string>, day: Ref<number>) {
  const coverage = shallowRef<Coverage | null>(null)
  const gaps = shallowRef<{ gaps: Gap[], left_out: number } | null>(null)
  const held = shallowRef<Held | null>(null)
  const then = shallowRef<WhatIf | null>(null)
  const { busy, refusal, run } = useCall()
  const far = useCall()
  const moving = useCall()
  let asking = false
  let wanted: Held | null = null

  async function load() {
    release()
    coverage.value = null
    gaps.value = null
    if (!area.value || !circle.value)
      return
    const query = { area: area.value, circle: circle.value, day: day.value }
    coverage.value = await run(() => api.GET('/api/spatial/coverage', { params: { query } })) ?? null
    if (coverage.value)
      gaps.value = await far.run(() => api.GET('/api/spatial/gaps', { params: { query } })) ?? null
  }
  function release() {
    held.value = null
    then.value = null
    wanted = null
    moving.clear()
  }
  function hold(place: MapPlace) {
    if (held.value?.place.number === place.number)
      return
    release()
    held.value = { place, lon: place.lon, lat: place.lat }
  }
  /** One question at a time; while it is under way only the last place is remembered. */
  async function drag(at: { lon: number, lat: number }) {
    if (!held.value)
      return
    held.value = { ...held.value, ...at }
    wanted = held.value
    if (asking)
      return
    asking = true
    while (wanted) {
      const asked: Held = wanted
      wanted = null
      const query = { area: area.value, circle: circle.value, day: day.value, place: asked.place.number, to: pointText(asked) }
      const given = await moving.run(() => api.GET('/api/spatial/what-if', { params: { query } }))
      if (held.value?.place.number === asked.place.number)
        then.value = given ?? null
    }
    asking = false
  }
  const rows = computed(() => coverage.value ? rowsThen(coverage.value, then.value) : [])
  watch([area, circle, day], load, { immediate: true })
  return { coverage, gaps, held, then, rows, busy, refusal, moving: moving.refusal, load, hold, drag, release }
}
