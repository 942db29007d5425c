// SPDX-License-Identifier: Apache-2.0
/** Studies and proposals: begun, followed while they run, cancelled, opened, put side by side. */
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { api } from '@/api/client'
import { useCall } from '@/api/use-call'
import type { DistrictOrder, MapJob, Study, StudyOrder } from '@/api/map-types'

const pause = 500
export const isOpen = (job: MapJob) => job.state === 'waiting' || job.state === 'running'

export function useJobs() {
  const jobs = shallowRef<MapJob[]>([])
  const shown = shallowRef<MapJob | null>(null)
  /** The plan beside the one that is shown. */
  const beside = shallowRef<MapJob | null>(null)
  const { busy, refusal, run } = useCall()
  const looking = useCall()
  const opening = useCall()
  const awaited = ref(0)
  let timer: ReturnType<typeof setTimeout> | undefined
  let ended = false

  async function load() {
    clearTimeout(timer)
    const given = await looking.run(() => api.GET('/api/spatial/jobs', {}))
    if (given) {
      jobs.value = given.jobs
      const job = given.jobs.find(one => one.id === awaited.value)
      if (job && !isOpen(job)) {
        awaited.value = 0
        await open(job.id)
      }
    }
    if (!ended && (jobs.value.some(isOpen) || looking.refusal.value))
      timer = setTimeout(load, pause)
  }
  async function begun(job: MapJob | undefined) {
    if (!job)
      return
    awaited.value = job.id
    jobs.value = [job, ...jobs.value]
    await load()
  }
  const study = async (order: StudyOrder) => begun(await run(() => api.POST('/api/spatial/studies', { body: order })))
  const divide = async (order: DistrictOrder) => begun(await run(() => api.POST('/api/spatial/districts', { body: order })))
  async function cancel(id: number) {
    await run(() => api.DELETE('/api/spatial/jobs/{id}', { params: { path: { id: String(id) } } }))
    await load()
  }
  const read = (id: number) => opening.run(() => api.GET('/api/spatial/jobs/{id}', { params: { path: { id: String(id) } } }))
  async function open(id: number) {
    const job = await read(id)
    if (job) {
      shown.value = job
      beside.value = null
    }
  }
  async function compare(id: number) {
    beside.value = id ? await read(id) ?? null : null
  }
  onScopeDispose(() => { ended = true; clearTimeout(timer) })
  const plan = computed(() => shown.value?.kind === 'siting' ? shown.value.result as Study | null : null)
  const other = computed(() => beside.value?.kind === 'siting' ? beside.value.result as Study | null : null)
  return { jobs, shown, beside, plan, other, busy, refusal, opening: opening.refusal, load, study, divide, cancel, open, compare }
}

export interface Compared { area: number, all: number, before: number, one: number, two: number }
/** Area by area; nothing if the plans do not count the same. */
export function sideBySide(one: Study, two: Study): Compared[] | null {
  const there = new Map(two.areas.map(row => [row.area, row]))
  const same = one.count === two.count && one.circle === two.circle && one.areas.length === two.areas.length
    && one.areas.every(row => there.get(row.area)?.all === row.all)
  return same ? one.areas.map(row => ({ area: row.area, all: row.all, before: row.before, one: row.covered, two: there.get(row.area)!.covered })) : null
}
