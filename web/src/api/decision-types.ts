// SPDX-License-Identifier: Apache-2.0
/** Decisions about areas in time, as /api/area-decisions speaks of them. */
import type { Level } from './types'

export type DecisionKind = 'split' | 'merge' | 'rename' | 'move'
export type DecisionState = 'proposed' | 'approved' | 'applied' | 'undone' | 'withdrawn'
export type DecisionStep = 'approve' | 'withdraw' | 'apply' | 'undo'

export interface Successor {
  area?: string | null
  code?: string
  name?: string
  parent?: string | null
  weight?: number
  heir?: boolean
  children?: string[]
}
export interface Proposal {
  kind: DecisionKind
  effective: string
  document: string
  reason?: string
  areas: { area: string, households?: number }[]
  successors: Successor[]
}
interface StepTaken { name: string, at: string }
export interface Decision {
  id: string
  state: DecisionState
  proposal: Proposal
  areas: { id: string, code: string, name: string, level: Level }[]
  proposed: StepTaken | null
  approved: StepTaken | null
  applied: StepTaken | null
  undone: StepTaken | null
  /** Its day has come, and it could not be applied. */
  failure: { code: string, tries: number, next_try: string } | null
}
export interface DecisionProblem { pointer: string, code: string, detail: string }
/** What a decision would do. */
export interface Preview {
  problems: DecisionProblem[]
  ends: { code: string, name: string }[]
  begins: { code: string, name: string }[]
  refiled: { kind: string, from: string, to: string, records: number }[]
  staying: { kind: string, from: string, to: string, records: number }[]
  units: { name: string, from: string, to: string }[]
  grants: { role: string, from: string, to: string[], grants: number }[]
}
