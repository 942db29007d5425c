// SPDX-License-Identifier: Apache-2.0
/** The days whose maps are offered: those before a change, the newest first, and the one that is chosen. */
export function mapDays(changed: string[], chosen: string): string[] {
  const dayMs = 24 * 3_600_000
  const before = changed.map(day => new Date(Date.parse(day) - dayMs).toISOString().slice(0, 10))
  const own = /^\d{4}-\d{2}-\d{2}$/.test(chosen) ? [chosen] : []
  return [...new Set([...before, ...own])].sort().reverse()
}

/** The map on which a list is to be opened so that it shows what a board has counted; lists go as now by themselves. */
export const listMap = (boardMap: string, changed: boolean) => !boardMap ? (changed ? 'then' : '') : boardMap === 'now' ? '' : boardMap
