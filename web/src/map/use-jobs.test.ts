// SPDX-License-Identifier: Apache-2.0
import { afterEach, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'
import type { MapJob, Study } from '@/api/map-types'
import { sideBySide, useJobs } from './use-jobs'

const study = (covered: number, all = 9): Study => ({
  kind: 'max_cover', circle: 'fitness', build: 'fitness', count: 'households', unit: 'value', before: 0, figure: 0, bound: 0, gap: 0,
  out_of_reach: 0, candidates: 1, existing: 0, left_out: 0, sites: [], areas: [{ area: 0, all, before: 2, covered }],
})
const job = (state: MapJob['state'], result: MapJob['result'] = null): MapJob => ({
  id: 3, kind: 'siting', title: 'a', area: '7', state, part: 0.4, best: null, bound: null, created_at: '', code: '', detail: '', result,
})
afterEach(() => vi.unstubAllGlobals())

test('two plans stand side by side only if they count the same', () => {
  expect(sideBySide(study(5), study(6))).toEqual([{ area: 0, all: 9, before: 2, one: 5, two: 6 }])
  expect(sideBySide(study(5), study(6, 10))).toBeNull()
  expect(sideBySide(study(5), { ...study(6), count: 'persons' })).toBeNull()
})

test('a study is followed until it ends, then its answer is opened', async () => {
  const states: MapJob['state'][] = ['running', 'done']
  vi.stubGlobal('fetch', (request: Request) => {
    const path = new URL(request.url).pathname
    if (path.endsWith('/studies'))
      return Promise.resolve(Response.json(job('waiting')))
    if (path.endsWith('/jobs'))
      return Promise.resolve(Response.json({ jobs: [job(states.length > 1 ? states.shift()! : states[0]!)] }))
    return Promise.resolve(Response.json(job('done', study(5))))
  })
  const scope = effectScope()
  const state = scope.run(useJobs)!
  void state.study({ area: '7', circle: 'fitness', title: 'a', kind: 'max_cover', build: '', count: 'households', number: 2, share: 100, equity: 0 })
  await vi.waitFor(() => expect(state.plan.value?.areas[0]?.covered).toBe(5), { timeout: 3000 })
  scope.stop()
})
