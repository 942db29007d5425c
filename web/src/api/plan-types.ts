// SPDX-License-Identifier: Apache-2.0
/** Plans and their figures, as /api/plans speaks of them. */
import type { Title } from './types'

export type Standing = 'met' | 'near' | 'behind' | 'no_value' | 'no_target'
/** Withheld: there is a value, but it would tell the reader of too few people. */
export type Origin = 'counted' | 'by_hand' | 'withheld' | 'none'
export interface PlanArea { id: string, code: string, name: string, level: string }
export interface PlanBrief { id: string, title: Title, source: string, area: PlanArea, from_year: number, to_year: number, indicators: number }
export interface Target { year: number, comparison: string, value: number, within: number | null }
export interface ManualEntry { id: string, period: string, value: number | null, source: string, evidence: string, entered_at: string }
export interface CounterFigure { id: string, title: Title, value: number | null, withheld: boolean }
export interface Waiting { changes: number, cells: number }
export interface PlanFigure {
  indicator: string
  title: Title
  unit: Title
  digits: number
  manual: boolean
  formula: string
  section: string
  nature: string
  note: Title
  value: number | null
  previous: number | null
  origin: Origin
  entered: ManualEntry | null
  target: Target | null
  baseline: { year: number, value: number } | null
  standing: Standing
  trend: { period: string, value: number | null }[]
  counters: CounterFigure[]
}
export interface PlanAnswer { plan: PlanBrief, area: PlanArea, period: string, indicators: PlanFigure[], may_enter: boolean, waiting: Waiting }
export interface AreaFigure { area: PlanArea, value: number | null, origin: Origin, target: Target | null, standing: Standing }
export interface IndicatorAnswer {
  plan: PlanBrief
  area: PlanArea
  period: string
  figure: PlanFigure
  children: AreaFigure[]
  entries: ManualEntry[]
  may_enter: boolean
  waiting: Waiting
}
export interface PlanColumn { indicator: string, title: Title, unit: Title, digits: number, manual: boolean }
export interface PlanCell { value: number | null, origin: Origin, standing: Standing }
/** The first row is the area itself. */
export interface PlanTable { plan: PlanBrief, period: string, columns: PlanColumn[], rows: { area: PlanArea, children: number, cells: PlanCell[] }[], waiting: Waiting }
export interface ProofRecord { id: string, kind: string, number: string, value: number }
/** `unseen` of this page's records the reader may not see. */
export interface Proof { value: number, counted: number, total: number, records: ProofRecord[], unseen: number, next: string | null }
export interface NewEntry { area: string, period: string, value?: number, source: string, evidence: string }
