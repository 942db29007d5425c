// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { boxOf, moved, scaleBar, showing, toDot, toGround, zoomed } from './view'

const view = showing([117.3, 32.8, 117.4, 32.9], 800, 600)

test('a box is shown whole', () => {
  const [west, south, right, north] = boxOf(view)
  expect(west).toBeLessThan(117.3)
  expect(south).toBeLessThan(32.8)
  expect(right).toBeGreaterThan(117.4)
  expect(north).toBeGreaterThan(32.9)
})
test('a dot and its place on the ground belong together', () => {
  const dot = toDot(view, 117.31, 32.87)
  const back = toGround(view, dot)
  expect(back.lon).toBeCloseTo(117.31, 9)
  expect(back.lat).toBeCloseTo(32.87, 9)
})
test('what is under the pointer stays there when the map comes nearer', () => {
  const at = { x: 120, y: 430 }
  const before = toGround(view, at)
  const near = toGround(zoomed(view, 3, at), at)
  expect(near.lon).toBeCloseTo(before.lon, 5)
  expect(near.lat).toBeCloseTo(before.lat, 5)
})
test('a map that is dragged to the right shows what was further west', () => {
  expect(moved(view, 50, 0).lon).toBeLessThan(view.lon)
  expect(moved(view, 0, 50).lat).toBeGreaterThan(view.lat)
})
test('the scale bar is a round number of metres', () => {
  const bar = scaleBar({ ...view, metres: 7 })
  expect(bar.metres).toBe(500)
  expect(bar.dots).toBeLessThanOrEqual(120)
})
