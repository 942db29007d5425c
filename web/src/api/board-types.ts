// SPDX-License-Identifier: Apache-2.0
/** The figures of a board, as /api/board speaks of them. */
import type { AreaStep, Title, UnitName } from './types'

export interface Share { share: number | null, of: number }
export interface Board {
  area: AreaStep & { path: AreaStep[] }
  at: string
  open: number
  overdue: number
  urgent: number
  created: number
  closed: number
  on_time: Share
  median_hours: number | null
  satisfaction: { mean: number | null, of: number }
  areas: { area: AreaStep, open: number, overdue: number, created: number, closed: number, on_time: Share }[]
  by_choice: { key: string, open: number, created: number }[]
  units: { unit: UnitName, open: number, overdue: number, closed: number, on_time: Share }[]
  trend: { day: string, created: number, closed: number }[]
  /** The day of the map; none: by the areas as filed. Then only totals and areas are given. */
  map: string | null
  /** Some records count in shares by households. */
  divided: boolean
}

/** What return visits say of a unit: partly solved is not solved; who was not reached says nothing. */
export interface SolvedShare { unit: string, name: string, closed: number, drawn: number, answered: number, solved: number, share: number, low: number, high: number }

/** A rule of routing, and what it says of past records: holds, decides (no rule before it holds), agrees with what they bear now. */
export interface RoutingRule { id: string, title: Title, trial: boolean, when: string, words: string[], sets: { field: string, value: string }[], hits: number, decides: number, agrees: number }
export interface Replay { records: number, capped: boolean, rules: RoutingRule[] }
