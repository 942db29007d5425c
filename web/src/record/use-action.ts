// SPDX-License-Identifier: Apache-2.0
import { computed, reactive, ref } from 'vue'
import type { ActionInputs, FieldSpec, Fields, Kind, Problem } from '@/api/types'
import type { Option } from '@/ui/PickOne.vue'
import { changesOf, missing, plain, said } from './field-kinds'
import { useDraft } from './use-draft'
import { isAsked } from './when'

const inputs = ['reason', 'result', 'evidence', 'lead_unit', 'assist_units'] as const
export type Input = typeof inputs[number]
export interface Wanted { needs: string[], may: string[], proof?: boolean }
export interface Spot { lat: number, lon: number }

export function isInput(word: string): word is Input {
  return (inputs as readonly string[]).includes(word)
}

/**
 * What an action asks for: its own inputs and fields of the record; and what is still missing. What is written is kept
 * under `draft` until it is sent: of the fields only what differs from the record, which may change meanwhile.
 */
export function useAction(action: Wanted, kind: Kind | undefined, record: Fields = {}, masked: string[] = [], draft = '') {
  const start = { ...record, ...Object.fromEntries(masked.map(name => [name, null])) }
  const masks = Object.fromEntries(masked.map(name => [name, record[name]]))
  const words = [...action.needs, ...action.may]
  const asked = inputs.filter(input => words.includes(input))
  const fields: FieldSpec[] = words.filter(word => !isInput(word)).flatMap(word => kind?.fields.find(field => field.name === word) ?? [])
    .map(field => ({ ...field, required: action.needs.includes(field.name) }))
  const form = reactive({ reason: '', result: '', note: '', word: '', lead: null as Option | null, assist: [] as Option[], changed: {} as Fields })
  const drop = draft ? useDraft(`action.${draft}`, form).drop : () => {}
  const first = Object.fromEntries(fields.map(field => [field.name, start[field.name] ?? null]))
  const values = computed<Fields>({
    get: () => ({ ...first, ...Object.fromEntries(Object.entries(form.changed).filter(([name]) => name in first)) }),
    set: given => { form.changed = changesOf(first, given) },
  })
  const evidence = ref<File[]>([])
  const tried = ref(false)
  const dirty = computed(() => [form.reason, form.result, form.note, form.word].some(words => words.trim() !== '') || form.lead !== null || form.assist.length > 0
    || evidence.value.length > 0 || Object.keys(form.changed).length > 0)
  const must = (word: string) => action.needs.includes(word)

  const filled = (input: Input) => ({
    reason: form.reason.trim() !== '', result: form.result.trim() !== '', lead_unit: form.lead !== null,
    assist_units: form.assist.length > 0, evidence: (!action.proof && form.note.trim() !== '') || form.word.trim() !== '' || evidence.value.length > 0,
  })[input]
  const lacking = computed(() => [
    ...asked.filter(input => must(input) && !filled(input)),
    ...missing(fields.filter(field => !masked.includes(field.name)), { ...start, ...values.value }, action.needs, kind?.fields),
  ])
  const problems = computed<Record<string, Problem>>(() => !tried.value ? {} : Object.fromEntries(
    lacking.value.map(name => [name, { pointer: `/${name}`, code: 'required', detail: '' }])))

  function body(evidenceFiles: string[] = [], place: Spot | null = null): ActionInputs {
    const sent: ActionInputs = {}
    if (form.reason.trim())
      sent.reason = form.reason.trim()
    if (form.result.trim())
      sent.result = form.result.trim()
    if (form.lead)
      sent.lead_unit = form.lead.id
    if (form.assist.length)
      sent.assist_units = form.assist.map(option => option.id)
    const shown = { ...(form.note.trim() ? { note: form.note.trim() } : {}), ...(form.word.trim() ? { word: form.word.trim() } : {}),
      ...(evidenceFiles.length ? { files: evidenceFiles, ...(place ? { place } : {}) } : {}) }
    if (Object.keys(shown).length)
      sent.evidence = shown
    const asked = Object.entries(values.value).filter(([name]) => fields.some(field => field.name === name && isAsked(field, { ...start, ...values.value }, kind?.fields ?? [])))
    const given = said(Object.fromEntries(asked.filter(([name, value]) => must(name) || JSON.stringify(plain(value)) !== JSON.stringify(plain(start[name])))))
    if (Object.keys(given).length)
      sent.fields = given
    return sent
  }
  return { proof: action.proof === true, asked, fields, known: start, masks, form, values, evidence, tried, dirty, must, lacking, problems, body, drop }
}
