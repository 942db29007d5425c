// SPDX-License-Identifier: Apache-2.0
/** The plan that the page is about, in an area and a period; asked again whenever figures change. */
import { computed, ref, shallowRef } from 'vue'
import { api } from '@/api/client'
import { useCall } from '@/api/use-call'
import type { IndicatorAnswer, PlanAnswer, PlanBrief, PlanTable } from '@/api/plan-types'

export interface Asked { plan: string, area: string, period: string, indicator: string, table: boolean }

export function usePlan() {
  const plans = shallowRef<PlanBrief[] | null>(null)
  const answer = shallowRef<PlanAnswer | null>(null)
  const one = shallowRef<IndicatorAnswer | null>(null)
  const table = shallowRef<PlanTable | null>(null)
  /** Indicators whose value has just become another one. */
  const moved = ref<Set<string>>(new Set())
  const listing = useCall()
  const asking = useCall()
  let asked: Asked | null = null

  async function loadPlans() {
    const given = await listing.run(() => api.GET('/api/plans'))
    if (given)
      plans.value = given.plans
  }
  function keep(given: PlanAnswer) {
    const before = answer.value
    const same = before?.plan.id === given.plan.id && before.area.id === given.area.id && before.period === given.period
    const old = new Map(same ? before.indicators.map(figure => [figure.indicator, figure.value]) : [])
    moved.value = new Set(given.indicators.filter(figure => old.has(figure.indicator) && old.get(figure.indicator) !== figure.value).map(figure => figure.indicator))
    answer.value = given
  }
  /** Asks for one view: an indicator, the table, or the tiles. What is shown stays until the answer is there, and if it fails to be renewed. */
  async function load(wanted: Asked | null = asked) {
    if (!wanted)
      return
    const renewed = JSON.stringify(wanted) === JSON.stringify(asked)
    asked = wanted
    const query = { area: wanted.area, period: wanted.period }
    const { plan, indicator } = wanted
    if (indicator) {
      const given = await asking.run(() => api.GET('/api/plans/{plan}/indicators/{indicator}', { params: { path: { plan, indicator }, query } }))
      one.value = given ?? (renewed ? one.value : null)
    }
    else if (wanted.table) {
      const given = await asking.run(() => api.GET('/api/plans/{plan}/areas', { params: { path: { plan }, query } }))
      table.value = given ?? (renewed ? table.value : null)
    }
    else {
      const given = await asking.run(() => api.GET('/api/plans/{plan}', { params: { path: { plan }, query } }))
      if (given)
        keep(given)
      else if (!renewed)
        answer.value = null
    }
  }
  return {
    plans, answer, one, table, moved, load, loadPlans,
    busy: computed(() => listing.busy.value || asking.busy.value), refusal: computed(() => listing.refusal.value ?? asking.refusal.value),
  }
}
