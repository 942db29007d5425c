// SPDX-License-Identifier: Apache-2.0
/** Between the text of a datetime-local input, meant in China's time (UTC+8, no summer time), and RFC 3339 UTC. */
const shift = 8 * 3_600_000

export function utcToLocal(at: string): string {
  const ms = Date.parse(at)
  return Number.isNaN(ms) ? '' : new Date(ms + shift).toISOString().slice(0, 16)
}
export function localToUtc(text: string): string | null {
  const ms = Date.parse(`${text}:00Z`)
  return Number.isNaN(ms) ? null : new Date(ms - shift).toISOString().replace('.000Z', 'Z')
}
