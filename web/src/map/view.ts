// SPDX-License-Identifier: Apache-2.0
/** What part of the ground a canvas shows: a plane around its middle, so many metres a dot. */
export interface View { lon: number, lat: number, metres: number, width: number, height: number }
export interface Dot { x: number, y: number }

const perDegree = 111_320
export const finest = 0.25
export const coarsest = 2_000
const east = (view: View) => perDegree * Math.cos(view.lat * Math.PI / 180)

export function toDot(view: View, lon: number, lat: number): Dot {
  return { x: view.width / 2 + (lon - view.lon) * east(view) / view.metres, y: view.height / 2 - (lat - view.lat) * perDegree / view.metres }
}
export function toGround(view: View, dot: Dot): { lon: number, lat: number } {
  return { lon: view.lon + (dot.x - view.width / 2) * view.metres / east(view), lat: view.lat - (dot.y - view.height / 2) * view.metres / perDegree }
}
export function boxOf(view: View, margin = 0): number[] {
  const low = toGround(view, { x: -margin, y: view.height + margin })
  const high = toGround(view, { x: view.width + margin, y: -margin })
  return [low.lon, low.lat, high.lon, high.lat]
}
export const boxText = (box: number[]) => box.map(side => side.toFixed(6)).join(',')
export const pointText = (at: { lon: number, lat: number }) => `${at.lon.toFixed(6)},${at.lat.toFixed(6)}`

/** The view that shows all of a box (west, south, east, north). */
export function showing(box: number[], width: number, height: number): View {
  const [west = 0, south = 0, right = 0, north = 0] = box
  const view: View = { lon: (west + right) / 2, lat: (south + north) / 2, metres: 1, width, height }
  const across = (right - west) * east(view) / Math.max(1, width - 40)
  const up = (north - south) * perDegree / Math.max(1, height - 40)
  return { ...view, metres: clamp(Math.max(across, up, finest)) }
}
const clamp = (metres: number) => Math.min(coarsest, Math.max(finest, metres))

export function moved(view: View, x: number, y: number): View {
  const { lon, lat } = toGround(view, { x: view.width / 2 - x, y: view.height / 2 - y })
  return { ...view, lon, lat }
}
/** Nearer by a factor; what is under the dot stays there. */
export function zoomed(view: View, factor: number, at: Dot = { x: view.width / 2, y: view.height / 2 }): View {
  const held = toGround(view, at)
  const near = { ...view, metres: clamp(view.metres / factor) }
  const now = toDot(near, held.lon, held.lat)
  return moved(near, at.x - now.x, at.y - now.y)
}

/** A round number of metres and how many dots it is long, for the scale bar. */
export function scaleBar(view: View, most = 120): { metres: number, dots: number } {
  const wish = most * view.metres
  const ten = 10 ** Math.floor(Math.log10(wish))
  const metres = [5, 2, 1].map(n => n * ten).find(n => n <= wish) ?? ten
  return { metres, dots: metres / view.metres }
}
