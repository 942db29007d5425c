// SPDX-License-Identifier: Apache-2.0
/** Decisions about areas: the list, what one would do, and the steps it takes. */
import { shallowRef } from 'vue'
import { api } from '@/api/client'
import type { Decision, DecisionKind, DecisionState, DecisionStep, Preview, Proposal } from '@/api/decision-types'
import { useCall } from '@/api/use-call'

export const kinds: DecisionKind[] = ['rename', 'merge', 'split', 'move']

/** The official date; areas change at midnight in China. */
export const officialToday = (now = new Date()) => new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)

/** What may follow a state, in the order in which it is offered. */
const stepsOf: Record<DecisionState, DecisionStep[]> = {
  proposed: ['approve', 'withdraw'], approved: ['apply', 'withdraw'], applied: ['undo'], undone: [], withdrawn: [],
}

/** What may be done now: before its day nothing takes effect. */
export const stepsNow = (one: Pick<Decision, 'state'> & { proposal: Pick<Proposal, 'effective'> }, today = officialToday()) =>
  stepsOf[one.state].filter(step => step !== 'apply' || one.proposal.effective <= today)

/** Millionths of each share; they add up to a million whatever the shares. Without any household, all are alike. */
export function weights(entered: (number | string)[]): number[] {
  const whole = 1_000_000
  const households = entered.map(one => Math.max(0, Number(one) || 0))  // an emptied box gives ''
  const sum = households.reduce((a, b) => a + b, 0)
  const shares = households.map(one => sum > 0 ? one / sum : 1 / households.length)
  const result = shares.map(share => Math.floor(share * whole))
  const rest = shares.map((share, i) => ({ i, part: share * whole - (result[i] ?? 0) })).sort((a, b) => b.part - a.part)
  for (let left = whole - result.reduce((a, b) => a + b, 0), at = 0; left > 0; --left, ++at)
    result[rest[at % rest.length]!.i]! += 1
  return result
}

export function useDecisions() {
  const decisions = shallowRef<Decision[]>([])
  const { busy, refusal, run } = useCall()
  const doing = useCall()

  async function load() {
    decisions.value = (await run(() => api.GET('/api/area-decisions', { params: { query: { limit: 200 } } })))?.decisions ?? []
  }
  const preview = (body: Proposal) => doing.run(() => api.POST('/api/area-decisions/preview', { params: {}, body })) as Promise<Preview | undefined>
  const previewOf = (id: string) => doing.run(() => api.GET('/api/area-decisions/{id}/preview', { params: { path: { id } } })) as Promise<Preview | undefined>
  async function propose(body: Proposal) {
    const made = await doing.run(() => api.POST('/api/area-decisions', { params: {}, body }))
    if (made)
      await load()
    return !!made
  }
  async function take(id: string, step: DecisionStep) {
    const path = { params: { path: { id } } }
    const done = await doing.run(() => step === 'approve' ? api.POST('/api/area-decisions/{id}/approve', path)
      : step === 'withdraw' ? api.POST('/api/area-decisions/{id}/withdraw', path)
        : step === 'apply' ? api.POST('/api/area-decisions/{id}/apply', path)
          : api.POST('/api/area-decisions/{id}/undo', path))
    if (done)
      await load()
    return !!done
  }
  return { ask: doing.run, decisions, busy, refusal, load, doing: doing.busy, doRefusal: doing.refusal, clear: doing.clear, preview, previewOf, propose, take }
}
