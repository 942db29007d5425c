// SPDX-License-Identifier: Apache-2.0
import type { Problem, ProblemDocument } from './types'

/** Why something did not happen. `code` is a stable word, translated under refusal.* in the locales. */
export interface Refusal {
  code: string
  status: number
  detail: string
  problems: Problem[]
  requestId: string
}

export const offline: Refusal = { code: 'offline', status: 0, detail: '', problems: [], requestId: '' }

export function toRefusal(error: unknown, status: number): Refusal {
  const problem = typeof error === 'object' && error !== null ? error as Partial<ProblemDocument> : {}
  return {
    code: typeof problem.code === 'string' ? problem.code : `http_${status}`,
    status,
    detail: problem.detail ?? '',
    problems: Array.isArray(problem.problems) ? problem.problems : [],
    requestId: problem.request_id ?? problem.request ?? '',
  }
}

/** Name of the field a pointer speaks of: "/fields/phone" is phone, "/fields/answers/waste_kind" is waste_kind, "/fields/photos/0" is photos. */
export function fieldOf(pointer: string): string {
  return pointer.split('/').filter(part => part && part !== 'fields' && !/^\d+$/.test(part)).at(-1) ?? ''
}

/** Problems by field name, for showing them at the fields. */
export function byField(refusal: Refusal | null): Record<string, Problem> {
  return Object.fromEntries((refusal?.problems ?? []).map(problem => [fieldOf(problem.pointer), problem]))
}
