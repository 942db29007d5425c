// SPDX-License-Identifier: Apache-2.0
/** Ledgers of plans: tasks with lights, and an office's table on its way in. */
import type { Title } from './types'

export interface LedgerPlan { id: string, title: Title, source: string }
export type Light = 'done' | 'on_track' | 'behind' | 'late'
export type DeadlineKind = 'continuous' | 'date' | 'none'
export interface TaskMeasure { indicator: string, title: Title, unit: Title, value: number | null, target: string, standing: string }
export interface LedgerTask {
  id: string, number: string, task_no: string, chapter: string, section: string, heading: string, words: string, goal: string
  lead_name: string, assist_names: string, unit: string
  deadline: DeadlineKind, due_on: string | null
  state: string, progress: number, measured: number | null, progress_words: string
  light: Light, measures: TaskMeasure[]
}
export interface LedgerView { plan: LedgerPlan, area: { id: string, name: string }, today: string, may_import: boolean, may_export: boolean, tasks: LedgerTask[] }

export interface Remark { row: number, column: string, code: string, words: string }
interface NamedUnit { id: string, name: string }
export interface TaskDraft {
  task: { row: number, number: string, chapters: string[], text: string, lead: string[], assist: string[], deadline: DeadlineKind, due: string | null, deadline_text: string }
  heading: string, lead: NamedUnit | null, assist: NamedUnit[], unknown: string[], indicators: string[]
}
export interface LedgerPreview {
  columns: { title: string, meaning: string }[]
  tasks: TaskDraft[], remarks: Remark[], problems: Remark[], imported: number
}
