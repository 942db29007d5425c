// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import type { Ground } from '@/api/map-types'
import { free } from './draw'
import { showing } from './view'

const around = (lon: number, lat: number, size: number): Ground => ({
  type: 'MultiPolygon', coordinates: [[[[lon - size, lat - size], [lon + size, lat - size], [lon + size, lat + size], [lon - size, lat + size], ...(size > 0.002 ? [[lon - size, lat]] : [])]]],
})
const patches = [
  { ground: around(117.351, 32.85, 0.001), label: '小社区' },
  { ground: around(117.35, 32.85, 0.003), label: '大社区' },
  { ground: around(117.32, 32.85, 0.001), label: '远社区' },
  { ground: around(118.9, 32.85, 0.001), label: '外面' },
  { ground: around(117.38, 32.85, 0.001) },
]

test('names that would cover each other leave room for the larger ground', () => {
  const far = showing([117.3, 32.8, 117.4, 32.9], 800, 600)
  expect(free(far, patches).map(one => one.label)).toEqual(['大社区', '远社区'])
  const near = showing([117.345, 32.848, 117.355, 32.852], 800, 600)
  expect(free(near, patches).map(one => one.label).sort()).toEqual(['大社区', '小社区'].sort())
})
