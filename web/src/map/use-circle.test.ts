// SPDX-License-Identifier: Apache-2.0
import { afterEach, expect, test, vi } from 'vitest'
import { nextTick, ref } from 'vue'
import type { MapPlace } from '@/api/map-types'
import { rowsThen, useCircle } from './use-circle'

const coverage = { circle: 'fitness', day: 1, columns: ['dwellings', 'households'], places: [4], areas: [{ area: 0, all: [2, 9], covered: [1, 4] }, { area: 1, all: [1, 5], covered: [0, 0] }] }
const place: MapPlace = { number: 4, lon: 117.3, lat: 32.9, kind: 'fitness', days: '', area: '' }
afterEach(() => vi.unstubAllGlobals())

test('what would be stands beside what is, area by area', () => {
  const rows = rowsThen(coverage, { areas: [{ area: 1, all: [1, 5], covered: [1, 5] }], gained: 5, lost: 0 })
  expect(rows.map(row => [row.before[1], row.covered[1]])).toEqual([[4, 4], [0, 5]])
})

test('while a facility is dragged one question is under way, and the last place is asked for', async () => {
  const asked: string[] = []
  const answers: (() => void)[] = []
  vi.stubGlobal('fetch', (request: Request) => {
    const url = new URL(request.url)
    if (!url.pathname.endsWith('what-if'))
      return Promise.resolve(Response.json(url.pathname.endsWith('gaps') ? { gaps: [], left_out: 0 } : coverage))
    asked.push(url.searchParams.get('to')!)
    return new Promise<Response>(resolve => answers.push(() => resolve(Response.json({ areas: [], gained: asked.length, lost: 0 }))))
  })
  const { hold, drag, then } = useCircle(ref('7'), ref('fitness'), ref(1))
  await vi.waitFor(() => expect(asked.length).toBe(0))
  hold(place)
  void drag({ lon: 117.31, lat: 32.9 })
  void drag({ lon: 117.32, lat: 32.9 })
  void drag({ lon: 117.33, lat: 32.9 })
  await vi.waitFor(() => expect(answers.length).toBe(1))
  answers[0]!()
  await vi.waitFor(() => expect(answers.length).toBe(2))
  answers[1]!()
  await vi.waitFor(() => expect(then.value?.gained).toBe(2))
  await nextTick()
  expect(asked).toEqual(['117.310000,32.900000', '117.330000,32.900000'])
})
