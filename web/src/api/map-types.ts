// SPDX-License-Identifier: Apache-2.0
/** The map and what is worked out on it, as /api/spatial speaks of them. */
export interface MapArea { number: number, id: string | null, code: string, name: string, level: string, parent: number }
export interface MapCircle {
  id: string, zh: string, en: string, kinds: string[], every: boolean, in_metres: boolean
  /** Minutes or metres: urban, county seat, rural; 0 = no such circle there. */
  limits: number[], walker: string, document: string, section: string
}
export interface MapFacts {
  town: string, source: string, made_up: boolean, problem: string, remarks: string[]
  /** West, south, east, north. */
  box: number[]
  metres_per_minute: number, walkers: string[], columns: string[]
  areas: MapArea[], kinds: { kind: string, count: number }[], circles: MapCircle[]
}
/** Kind (0 street, 1 main road, 2 water), then longitude and latitude of the first point and steps, in millionths of a degree. */
export interface MapStreets { lines: number[][], left_out: number }
export interface MapPlace { number: number, lon: number, lat: number, kind: string, days: string, area: string }
export interface MapDwelling { lon: number, lat: number, buildings: number, households: number, outside: number | null }
export type Ground = { type: 'MultiPolygon', coordinates: number[][][][] }
export interface MapOutline { number: number, ground: Ground }
export interface AreaCoverage { area: number, all: number[], covered: number[] }
export interface Coverage { circle: string, day: number, columns: string[], places: number[], areas: AreaCoverage[] }
export interface Gap { lon: number, lat: number, area: number, households: number, minutes: number | null, limit: number }
export interface WhatIf { areas: AreaCoverage[], gained: number, lost: number }
export interface Isochrone { minutes: number, sums: number[], ground: Ground }
export type StudyKind = 'max_cover' | 'cover_all' | 'median' | 'centre'
export interface StudyOrder { area: string, circle: string, title: string, kind: StudyKind, build: string, count: string, number: number, share: number, equity: number }
export interface StudySite { lon: number, lat: number, name: string, area: string, adds: number, cost: number }
export interface StudyArea { area: number, all: number, before: number, covered: number }
export interface Study {
  kind: StudyKind, circle: string, build: string, count: string, unit: 'value' | 'cost' | 'value_ms' | 'ms'
  before: number, figure: number, bound: number, gap: number, out_of_reach: number, candidates: number, existing: number, left_out: number
  sites: StudySite[], areas: StudyArea[]
}
export interface Wish { rule: 'leave' | 'together' | 'apart', first: string, second: string, reason: string }
export interface DistrictOrder { area: string, kind: 'cells' | 'communities', title: string, low?: number, high?: number, split_above?: number, merge_below?: number, villages?: boolean, wishes?: Wish[] }
export interface Cell { name: string, area: number, households: number, in_range: boolean, moved: number, ground: Ground }
export interface Cells { kind: 'cells', low: number, high: number, cells: Cell[], undivided: { area: number, households: number, lon: number, lat: number, why: string }[] }
export interface Sized { code: string, name: string, households: number, persons: number, jobs: number }
export interface Proposal { kind: 'split' | 'split_by_jobs' | 'merge', fit: 'good' | 'relaxed' | 'none', why: string, areas: (Sized & { area: number })[], into: Sized[], moved: number }
export interface Communities { kind: 'communities', communities: number, proposals: Proposal[], parts: { code: string, name: string, ground: Ground }[], wishes: (Wish & { kept: boolean })[] }
export interface MapJob {
  id: number, kind: 'siting' | 'cells' | 'communities', title: string, area: string, state: 'waiting' | 'running' | 'done' | 'cancelled' | 'failed'
  part: number, best: number | null, bound: number | null, created_at: string, code: string, detail: string
  result: Study | Cells | Communities | null
}
