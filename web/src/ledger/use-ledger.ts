// SPDX-License-Identifier: Apache-2.0
import { shallowRef } from 'vue'
import { api } from '@/api/client'
import type { LedgerTask, LedgerView, Light } from '@/api/ledger-types'
import type { PlanBrief } from '@/api/plan-types'
import { useCall } from '@/api/use-call'

export const lights: Light[] = ['late', 'behind', 'on_track', 'done']
/** The colour of a light; its word always stands beside it. */
export const tones: Record<Light, 'late' | 'warn' | 'ok' | 'none'> = { late: 'late', behind: 'warn', on_track: 'ok', done: 'none' }

export interface LedgerFilter { light?: string, chapter?: string, lead?: string, state?: string }

export const leadOf = (task: LedgerTask) => task.unit || task.lead_name
export const progressOf = (task: LedgerTask) => task.measured ?? task.progress

export function narrowed(tasks: LedgerTask[], by: LedgerFilter): LedgerTask[] {
  return tasks.filter(task => (!by.light || task.light === by.light) && (!by.chapter || task.chapter === by.chapter)
    && (!by.lead || leadOf(task) === by.lead) && (!by.state || task.state === by.state))
}
export function countLights(tasks: LedgerTask[]): Record<Light, number> {
  const counts = { late: 0, behind: 0, on_track: 0, done: 0 }
  for (const task of tasks)
    counts[task.light]++
  return counts
}
/** Different values in the order in which they first stand. */
export const distinct = (values: string[]) => [...new Set(values.filter(Boolean))]

/** As in the table: chapters, in them sections, in them tasks. */
export function chaptersOf(tasks: LedgerTask[]): { name: string, sections: { name: string, tasks: LedgerTask[] }[] }[] {
  const chapters: ReturnType<typeof chaptersOf> = []
  for (const task of tasks) {
    let chapter = chapters.find(one => one.name === task.chapter)
    if (!chapter)
      chapters.push(chapter = { name: task.chapter, sections: [] })
    const section = chapter.sections.find(one => one.name === task.section)
    if (section)
      section.tasks.push(task)
    else
      chapter.sections.push({ name: task.section, tasks: [task] })
  }
  return chapters
}

export const tableUrl = (plan: string, area: string, form: 'docx' | 'xlsx') => `/api/ledgers/${plan}/table.${form}?area=${area}`

export function useLedger() {
  const plans = shallowRef<PlanBrief[] | null>(null)
  const ledger = shallowRef<LedgerView | null>(null)
  const { busy, refusal, run } = useCall()

  async function loadPlans() {
    plans.value = (await run(() => api.GET('/api/plans')))?.plans ?? plans.value
  }
  async function load(plan: string, area: string) {
    if (ledger.value && ledger.value.plan.id !== plan)
      ledger.value = null
    ledger.value = await run(() => api.GET('/api/ledgers/{plan}', { params: { path: { plan }, query: { area } } })) ?? ledger.value
  }
  return { plans, ledger, busy, refusal, loadPlans, load }
}
