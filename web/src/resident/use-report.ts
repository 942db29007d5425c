// SPDX-License-Identifier: Apache-2.0
import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { api } from '@/api/client'
import { byField } from '@/api/refusal'
import type { Area, Choice, Fields, Problem } from '@/api/types'
import { questionsOf, said } from '@/record/field-kinds'
import { useCatalogue } from '@/record/use-catalogue'
import { useCreate } from '@/record/use-create'
import { useDraft } from '@/record/use-draft'

export type Part = 'category' | 'words' | 'where' | 'who' | 'photos'
/** One page for each list of parts; in elder mode one question a page. */
export const pages = { usual: [['category', 'words'], ['where'], ['who', 'photos']], elder: [['category'], ['words'], ['where'], ['who'], ['photos']] } as const satisfies Record<string, Part[][]>

export interface ReportForm {
  area: string
  category: string
  description: string
  answers: Fields
  compound: string
  building: string
  address: string
  place: { lat: number, lon: number } | null
  anonymous: boolean
  name: string
  phone: string
}
export const emptyReport = (): ReportForm => ({ area: '', category: '', description: '', answers: {}, compound: '', building: '', address: '', place: null, anonymous: false, name: '', phone: '' })

/** Categories whose keywords are in what was written, most hits first. */
export function guess(words: string, choices: Choice[]): Choice[] {
  const text = words.toLowerCase()
  const hits = (choice: Choice) => (Array.isArray(choice.attributes?.keywords) ? choice.attributes.keywords as string[] : []).filter(word => text.includes(word.toLowerCase())).length
  return choices.map(choice => ({ choice, n: hits(choice) })).filter(one => one.n > 0).sort((a, b) => b.n - a.n).slice(0, 3).map(one => one.choice)
}
/** Fields of the record out of the form; the building stands before the address as it was written. */
export function reportFields(form: ReportForm, building: string): Fields {
  return said({
    category: form.category, description: form.description.trim(), answers: Object.keys(said(form.answers)).length ? said(form.answers) as never : null,
    compound: form.compound, address: [building, form.address.trim()].filter(Boolean).join(' '), place: form.place, channel: 'mobile',
    anonymous: form.anonymous, reporter_name: form.anonymous ? null : form.name.trim(), phone: form.phone.trim(),
  })
}

export function useReport() {
  const form = reactive(emptyReport())
  const { drop } = useDraft('report', form)
  const photos = ref<File[]>([])
  const compounds = shallowRef<Area[]>([])
  const buildings = shallowRef<Area[]>([])
  const tried = ref(false)
  const { busy, refusal, failed, create } = useCreate('request')
  const { kind, open, choices } = useCatalogue()
  const fields = computed(() => kind('request')?.fields ?? [])
  const has = (name: string) => fields.value.some(field => field.name === name)
  const categories = computed(() => open('request_category'))
  const guesses = computed(() => guess(form.description, categories.value).filter(choice => choice.key !== form.category))
  const questions = computed(() => fields.value.filter(field => field.type === 'extra').flatMap(field => questionsOf(field, { category: form.category }, fields.value, choices)))

  async function below(under: string, level: string): Promise<Area[]> {
    if (!under)
      return []
    const { data } = await api.GET('/api/areas', { params: { query: { under, level, limit: 500 } } }).catch(() => ({ data: undefined }))
    return data?.areas ?? []
  }
  watch(() => form.area, async area => { compounds.value = await below(area, 'compound') }, { immediate: true })
  watch(() => form.compound, async compound => { buildings.value = await below(compound, 'building') }, { immediate: true })
  watch(() => form.category, () => { form.answers = {} })

  /** What a page still lacks, by name of the input. */
  function lacking(parts: readonly Part[]): string[] {
    const needed: [Part, string, boolean][] = [
      ['category', 'category', form.category !== ''], ['words', 'description', form.description.trim() !== ''],
      ...questions.value.map((question): [Part, string, boolean] => ['words', question.name, !question.required || question.when === true || question.name in said(form.answers)]),
      ['where', 'area', form.area !== ''], ['who', 'phone', form.phone.trim() === '' || /^[\d+()\s-]{5,20}$/.test(form.phone.trim())],
    ]
    return needed.filter(([part, , given]) => parts.includes(part) && !given).map(([, name]) => name)
  }
  const problems = computed<Record<string, Problem>>(() => {
    const open = tried.value ? lacking(['category', 'words', 'where', 'who']) : []
    return { ...byField(refusal.value), ...Object.fromEntries(open.map(name => [name, { pointer: `/${name}`, code: name === 'phone' ? 'phone' : 'required', detail: '' }])) }
  })
  /** Whether the server found something wrong with what a page asks. */
  function refused(parts: readonly Part[]): boolean {
    const asked: Record<Part, string[]> = {
      category: ['category'], words: ['description', ...questions.value.map(question => question.name)], where: ['area', 'compound', 'address', 'place'],
      who: ['anonymous', 'reporter_name', 'phone'], photos: ['photos'],
    }
    return parts.some(part => asked[part].some(name => name in byField(refusal.value)))
  }
  async function submit() {
    const building = buildings.value.find(area => area.id === form.building)?.name ?? ''
    const all = Object.fromEntries(Object.entries(reportFields(form, building)).filter(([name]) => has(name)))
    const made = await create(form.area, all, { photos: photos.value })
    if (made)
      drop()
    return made
  }
  return { form, photos, compounds, buildings, categories, guesses, questions, tried, problems, busy, refusal, failed, lacking, refused, submit }
}
export type ReportHandle = ReturnType<typeof useReport>
