// SPDX-License-Identifier: Apache-2.0
/** What there is for an area, and the layers of the part that is looked at. */
import { ref, shallowRef, watch, type Ref } from 'vue'
import { api } from '@/api/client'
import { useCall } from '@/api/use-call'
import type { MapDwelling, MapFacts, MapOutline, MapPlace, MapStreets } from '@/api/map-types'
import { debounce } from '@/ui/debounce'
import { boxOf, boxText, type View } from './view'

export function useGround(area: Ref<string>, circle: Ref<string>, day: Ref<number>) {
  const facts = shallowRef<MapFacts | null>(null)
  const streets = shallowRef<MapStreets | null>(null)
  const places = shallowRef<MapPlace[]>([])
  const dwellings = shallowRef<MapDwelling[]>([])
  const outlines = shallowRef<MapOutline[]>([])
  const leftOut = ref(0)
  const first = useCall()
  const { busy, refusal } = first
  const calls = { streets: useCall(), dwellings: useCall(), places: useCall(), outlines: useCall() }
  let view: View | null = null

  const seen = () => ({ area: area.value, box: view ? boxText(boxOf(view, 80)) : undefined, metres: view ? Math.round(view.metres) : 10 })
  async function loadStreets() {
    const given = await calls.streets.run(() => api.GET('/api/spatial/streets', { params: { query: seen() } }))
    if (given)
      streets.value = given
  }
  async function loadDwellings() {
    const query = { ...seen(), circle: circle.value || undefined, day: circle.value ? day.value : undefined }
    const given = await calls.dwellings.run(() => api.GET('/api/spatial/dwellings', { params: { query } }))
    if (given) {
      dwellings.value = given.dwellings
      leftOut.value = given.left_out
    }
  }
  async function load() {
    facts.value = null
    streets.value = null
    places.value = []
    dwellings.value = []
    outlines.value = []
    if (!area.value)
      return
    const query = { area: area.value }
    const given = await first.run(() => api.GET('/api/spatial', { params: { query } }))
    if (!given)
      return
    facts.value = given
    places.value = (await calls.places.run(() => api.GET('/api/spatial/places', { params: { query } })))?.places ?? []
    outlines.value = (await calls.outlines.run(() => api.GET('/api/spatial/outlines', { params: { query } })))?.areas ?? []
  }
  const looked = debounce(() => { void loadStreets(); void loadDwellings() }, 180)
  function look(next: View) {
    view = next
    if (facts.value)
      looked()
  }
  watch(area, load, { immediate: true })
  watch([circle, day, facts], () => facts.value && view && void loadDwellings())
  watch(facts, () => facts.value && view && void loadStreets())
  return { facts, streets, places, dwellings, outlines, leftOut, busy, refusal, load, look }
}
