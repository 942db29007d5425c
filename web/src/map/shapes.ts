// SPDX-License-Identifier: Apache-2.0
/** What stands on the map. Shapes tell things apart, colours only help. */
import type { MapDwelling } from '@/api/map-types'
import type { Dot, View } from './view'

export interface Ink { page: string, street: string, road: string, water: string, text: string, covered: string, outside: string, area: string, place: string, onPlace: string, walk: string, tones: string[] }
export type Pen = CanvasRenderingContext2D

export function inside(view: View, dot: Dot, margin = 20): boolean {
  return dot.x > -margin && dot.y > -margin && dot.x < view.width + margin && dot.y < view.height + margin
}
/** Covered: a full dot. With some outside: a ring; all outside: a ring with a cross. */
export function dwelling(pen: Pen, dot: Dot, one: MapDwelling, ink: Ink) {
  const size = Math.min(7, 2.2 + Math.sqrt(one.households) * 0.28)
  const out = one.outside ?? 0
  pen.beginPath()
  pen.arc(dot.x, dot.y, size, 0, 2 * Math.PI)
  if (!out) {
    pen.fillStyle = ink.covered
    pen.globalAlpha = 0.75
    pen.fill()
    pen.globalAlpha = 1
    return
  }
  pen.fillStyle = ink.page
  pen.fill()
  pen.lineWidth = 1.8
  pen.strokeStyle = ink.outside
  if (out === one.households) {
    const arm = size * 0.7
    pen.moveTo(dot.x - arm, dot.y - arm)
    pen.lineTo(dot.x + arm, dot.y + arm)
    pen.moveTo(dot.x + arm, dot.y - arm)
    pen.lineTo(dot.x - arm, dot.y + arm)
  }
  pen.stroke()
}
export function square(pen: Pen, dot: Dot, size: number, ink: Ink, held = false) {
  pen.fillStyle = held ? ink.outside : ink.place
  pen.strokeStyle = ink.page
  pen.lineWidth = 2
  pen.beginPath()
  pen.rect(dot.x - size, dot.y - size, 2 * size, 2 * size)
  pen.fill()
  pen.stroke()
  pen.fillStyle = ink.onPlace
  pen.fillRect(dot.x - size / 3, dot.y - size / 3, size / 1.5, size / 1.5)
}
export function mark(pen: Pen, dot: Dot, label: string, ink: Ink) {
  pen.beginPath()
  pen.moveTo(dot.x, dot.y)
  pen.lineTo(dot.x - 10, dot.y - 16)
  pen.arc(dot.x, dot.y - 20, 11, Math.PI * 0.86, Math.PI * 0.14)
  pen.closePath()
  pen.fillStyle = ink.outside
  pen.strokeStyle = ink.page
  pen.lineWidth = 2
  pen.fill()
  pen.stroke()
  words(pen, { x: dot.x, y: dot.y - 20 }, label, ink.page, 12)
}
export function words(pen: Pen, dot: Dot, text: string, colour: string, size: number, halo = '') {
  pen.font = `600 ${size}px ${getComputedStyle(document.body).fontFamily}`
  pen.textAlign = 'center'
  pen.textBaseline = 'middle'
  if (halo) {
    pen.lineWidth = 3
    pen.strokeStyle = halo
    pen.strokeText(text, dot.x, dot.y)
  }
  pen.fillStyle = colour
  pen.fillText(text, dot.x, dot.y)
}
