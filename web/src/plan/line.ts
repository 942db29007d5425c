// SPDX-License-Identifier: Apache-2.0
const width = 96, height = 32, edge = 3

export interface Line { path: string, end: { x: number, y: number }, target: number | null }

/** A line through the values that there are, in a box of 96 × 32; the target only where it lies not far off. None below two values. */
export function lineOf(values: (number | null)[], target: number | null): Line | null {
  const known = values.filter(value => value !== null)
  if (known.length < 2)
    return null
  const spread = Math.max(...known) - Math.min(...known)
  const near = target !== null && Math.min(...known) - target <= 3 * Math.max(spread, Math.abs(target) * 0.2) && target - Math.max(...known) <= 3 * Math.max(spread, Math.abs(target) * 0.2)
  const all = near ? [...known, target] : known
  const least = Math.min(...all)
  const range = Math.max(...all) - least || 1
  const x = (i: number) => round(edge + (width - 2 * edge) * i / Math.max(1, values.length - 1))
  const y = (value: number) => round(height - edge - (height - 2 * edge) * (value - least) / range)
  let path = ''
  let end = { x: 0, y: 0 }
  values.forEach((value, i) => {
    if (value === null)
      return
    end = { x: x(i), y: y(value) }
    path += `${path ? 'L' : 'M'}${end.x} ${end.y}`
  })
  return { path, end, target: near ? y(target) : null }
}
const round = (n: number) => Math.round(n * 10) / 10
