// SPDX-License-Identifier: Apache-2.0
/** Draws the map on a canvas: no tiles, no WebGL, our own streets alone. */
import type { Ground, MapDwelling, MapPlace, MapStreets } from '@/api/map-types'
import { dwelling, inside, mark, square, words, type Ink, type Pen } from './shapes'
import { toDot, type Dot, type View } from './view'

export interface Mark { lon: number, lat: number, label: string }
/** Without a tone: an outline that means nothing but where. */
export interface Patch { ground: Ground, tone?: number, label?: string }
/** All that can be on the map; what is left out is not drawn. */
export interface Scene {
  streets?: MapStreets | null
  patches?: Patch[]
  walk?: Ground | null
  dwellings?: MapDwelling[]
  places?: MapPlace[]
  /** The facility that is held, and where it stands then. */
  held?: { place: MapPlace, lon: number, lat: number } | null
  marks?: Mark[]
  at?: { lon: number, lat: number } | null
}
export function inkOf(element: Element): Ink {
  const style = getComputedStyle(element)
  const word = (name: string) => style.getPropertyValue(name).trim()
  return {
    page: word('--surface'), street: word('--line-strong'), road: word('--warn-mark'), water: word('--info-mark'), text: word('--text'),
    covered: word('--brand'), outside: word('--late-mark'), area: word('--muted'), place: word('--text'), onPlace: word('--surface'), walk: word('--brand'),
    tones: ['--brand', '--warn-mark', '--info-mark', '--ok-mark', '--muted'].map(word),
  }
}

const millionth = 1e-6

function strokeLines(pen: Pen, view: View, streets: MapStreets, kind: number, width: number, colour: string) {
  pen.beginPath()
  for (const line of streets.lines) {
    if (line[0] !== kind)
      continue
    let lon = 0
    let lat = 0
    for (let i = 1; i + 1 < line.length; i += 2) {
      lon += line[i]!
      lat += line[i + 1]!
      const dot = toDot(view, lon * millionth, lat * millionth)
      if (i === 1) pen.moveTo(dot.x, dot.y)
      else pen.lineTo(dot.x, dot.y)
    }
  }
  pen.lineWidth = width
  pen.strokeStyle = colour
  pen.stroke()
}

function pathOf(pen: Pen, view: View, ground: Ground) {
  pen.beginPath()
  for (const polygon of ground.coordinates) {
    for (const ring of polygon) {
      ring.forEach(([lon = 0, lat = 0], i) => {
        const dot = toDot(view, lon, lat)
        if (i === 0) pen.moveTo(dot.x, dot.y)
        else pen.lineTo(dot.x, dot.y)
      })
      pen.closePath()
    }
  }
}
function paint(pen: Pen, view: View, ground: Ground, colour: string, strength: number, dash: number[] = []) {
  pathOf(pen, view, ground)
  pen.globalAlpha = strength
  pen.fillStyle = colour
  pen.fill('evenodd')
  pen.globalAlpha = 1
  pen.setLineDash(dash)
  pen.lineWidth = 1.5
  pen.strokeStyle = colour
  pen.stroke()
  pen.setLineDash([])
}

/** The middle of the largest ring, for its name. */
export function middleOf(ground: Ground): { lon: number, lat: number } | null {
  const rings = ground.coordinates.map(polygon => polygon[0] ?? []).sort((a, b) => b.length - a.length)
  const ring = rings[0]
  if (!ring?.length)
    return null
  const sum = ring.reduce((all, [lon = 0, lat = 0]) => ({ lon: all.lon + lon, lat: all.lat + lat }), { lon: 0, lat: 0 })
  return { lon: sum.lon / ring.length, lat: sum.lat / ring.length }
}

/** The names for which there is room, the larger grounds first: nearer there is room for more. */
export function free(view: View, patches: Patch[]): { dot: Dot, label: string }[] {
  const taken: { dot: Dot, label: string }[] = []
  const half = (label: string) => [...label].reduce((sum, sign) => sum + (sign < '\u2000' ? 4 : 6.5), 2)
  const sized = patches.map(patch => ({ patch, points: patch.ground.coordinates.flat(2).length })).sort((a, b) => b.points - a.points)
  for (const { patch } of sized) {
    const middle = patch.label ? middleOf(patch.ground) : null
    if (!middle)
      continue
    const one = { dot: toDot(view, middle.lon, middle.lat), label: patch.label! }
    if (inside(view, one.dot) && taken.every(other => Math.abs(other.dot.y - one.dot.y) > 15 || Math.abs(other.dot.x - one.dot.x) > half(other.label) + half(one.label)))
      taken.push(one)
  }
  return taken
}

export function draw(pen: Pen, view: View, scene: Scene, ink: Ink) {
  pen.fillStyle = ink.page
  pen.fillRect(0, 0, view.width, view.height)
  pen.lineJoin = pen.lineCap = 'round'
  for (const patch of scene.patches ?? [])
    paint(pen, view, patch.ground, patch.tone === undefined ? ink.area : ink.tones[patch.tone % ink.tones.length]!, patch.tone === undefined ? 0.06 : 0.16)
  if (scene.streets) {
    strokeLines(pen, view, scene.streets, 2, Math.max(2, 12 / view.metres), ink.water)
    pen.globalAlpha = 0.55
    strokeLines(pen, view, scene.streets, 0, Math.min(3, Math.max(0.6, 4 / view.metres)), ink.street)
    pen.globalAlpha = 1
    strokeLines(pen, view, scene.streets, 1, Math.min(5, Math.max(1.4, 10 / view.metres)), ink.road)
  }
  if (scene.walk)
    paint(pen, view, scene.walk, ink.walk, 0.22, [6, 4])
  for (const one of scene.dwellings ?? []) {
    const dot = toDot(view, one.lon, one.lat)
    if (inside(view, dot)) dwelling(pen, dot, one, ink)
  }
  for (const one of free(view, scene.patches ?? []))
    words(pen, one.dot, one.label, ink.text, 12, ink.page)
  for (const place of scene.places ?? []) {
    const dot = toDot(view, place.lon, place.lat)
    if (inside(view, dot) && place.number !== scene.held?.place.number) square(pen, dot, 6, ink)
  }
  if (scene.held) {
    const from = toDot(view, scene.held.place.lon, scene.held.place.lat)
    const to = toDot(view, scene.held.lon, scene.held.lat)
    pen.setLineDash([3, 4])
    pen.lineWidth = 2
    pen.strokeStyle = ink.outside
    pen.beginPath()
    pen.moveTo(from.x, from.y)
    pen.lineTo(to.x, to.y)
    pen.stroke()
    pen.setLineDash([])
    square(pen, to, 8, ink, true)
  }
  for (const one of scene.marks ?? [])
    mark(pen, toDot(view, one.lon, one.lat), one.label, ink)
  if (scene.at)
    mark(pen, toDot(view, scene.at.lon, scene.at.lat), '', ink)
}
