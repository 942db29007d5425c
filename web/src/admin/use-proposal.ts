// SPDX-License-Identifier: Apache-2.0
/** The form of a decision about areas: what is entered, what is sent, and which problem belongs to which input. */
import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { api } from '@/api/client'
import type { DecisionKind, DecisionProblem, Preview, Proposal, Successor } from '@/api/decision-types'
import type { AreaStep } from '@/api/types'
import { kinds, officialToday, weights, type useDecisions } from './use-decisions'

export interface Part { area: AreaStep | null, code: string, name: string, households: number | '' }
export interface Form {
  kind: DecisionKind, effective: string, document: string, reason: string, areas: Part[], into: Part[]
  /** Of a split: which successor inherits, and whether that is the area itself. */
  heir: number, goesOn: boolean
  /** Of a merge: which of the areas goes on; -1 = a new one. */
  keeps: number
  /** Of a split: the successor of each area below. */
  children: Record<string, number>
}
export const part = (): Part => ({ area: null, code: '', name: '', households: '' })
export const emptyForm = (): Form => ({ kind: kinds[0]!, effective: officialToday(), document: '', reason: '', areas: [part()], into: [part()], heir: 0, goesOn: false, keeps: 0, children: {} })

function successors(form: Form): Successor[] {
  const [one] = form.into
  const ids = form.areas.map(area => area.area?.id ?? null)
  const shares = weights(form.into.map(to => to.households))
  const called = { name: one!.name, code: one!.code }
  switch (form.kind) {
    case 'rename': return [called]
    case 'move': return [{ parent: one!.area?.id ?? null, heir: true }]
    case 'merge': return [form.keeps < 0 ? { ...called, heir: true } : { area: ids[form.keeps] ?? null, name: one!.name, heir: true }]
    default: return form.into.map((to, i) => ({
      ...(form.goesOn && i === form.heir ? { area: ids[0] } : {}), code: to.code, name: to.name, weight: shares[i], heir: i === form.heir,
      children: Object.entries(form.children).filter(([, where]) => where === i).map(([id]) => id),
    }))
  }
}
export const proposalOf = (form: Form): Proposal => ({ kind: form.kind, effective: form.effective, document: form.document, reason: form.reason,
  areas: form.areas.map(one => ({ area: one.area?.id ?? '', households: Number(one.households) || 0 })), successors: successors(form) })

/** Percentages of the households, to one place; they are shown where they are entered. */
export const shareTexts = (parts: Pick<Part, 'households'>[]) => weights(parts.map(one => one.households)).map(share => `${Math.round(share / 1000) / 10}%`)

/** The input that a problem is shown at: its own, or the nearest above that has one. */
export function inputOf(pointer: string): string {
  const [, list, at, field] = pointer.split('/')
  if (list !== 'areas' && list !== 'successors')
    return list ?? ''
  if (at === undefined || !field)
    return list
  return field === 'children' ? 'children' : field === 'weight' || field === 'households' ? `${list}-${at}-households` : `${list}-${at}-${field}`
}

export function useProposal(handle: ReturnType<typeof useDecisions>) {
  const form = reactive(emptyForm())
  const preview = shallowRef<Preview | null>(null)
  const below = ref<{ id: string, name: string }[]>([])
  watch(() => form.kind, kind => {
    form.areas = kind === 'merge' ? [form.areas[0] ?? part(), part()] : [form.areas[0] ?? part()]
    form.into = kind === 'split' ? [part(), part()] : [part()]
    Object.assign(form, { heir: 0, goesOn: false, keeps: 0 })
  })
  watch(() => [form.kind, form.areas[0]?.area?.id], async ([kind, under]) => {
    below.value = []
    form.children = {}
    const found = kind === 'split' && under ? await handle.ask(() => api.GET('/api/areas', { params: { query: { under } } })) : undefined
    below.value = found?.areas ?? []
  })
  watch(form, () => {
    preview.value = null
    handle.clear()
  }, { deep: true })
  const problems = computed<DecisionProblem[]>(() => [...preview.value?.problems ?? [], ...(handle.doRefusal.value?.problems ?? [])])
  const at = (input: string) => problems.value.filter(one => inputOf(one.pointer) === input)
  const body = () => proposalOf(form)
  return { form, preview, below, at, body }
}
