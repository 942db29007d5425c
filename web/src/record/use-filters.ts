// SPDX-License-Identifier: Apache-2.0
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { FieldSpec, Kind } from '@/api/types'
import type { Query } from './use-records'

const plain = ['view', 'state', 'q', 'sort', 'from', 'to', 'map', 'unit', 'closed_from', 'stopped_from'] as const
const marks = ['overdue', 'mine', 'open', 'rated', 'late'] as const

/** The query of a list lives in the address of the page, so that it can be sent to a colleague. */
export function queryFrom(words: Record<string, unknown>, kind: Kind | undefined): Query {
  const text = (name: string) => typeof words[name] === 'string' && words[name] !== '' ? words[name] as string : undefined
  const query: Query = Object.fromEntries(marks.map(name => [name, words[name] === '1']))
  for (const name of plain)
    query[name] = text(name)
  if (!kind?.views.some(view => view.name === query.view))
    query.view = undefined
  const fields = Object.entries(words).filter(([name, value]) => name.startsWith('f.') && typeof value === 'string' && value !== '')
  query.fields = Object.fromEntries(fields.map(([name, value]) => [name.slice(2), value as string]))
  return query
}
/** Fields by which a list can be narrowed. */
export function filterable(kind: Kind | undefined): FieldSpec[] {
  return kind?.fields.filter(field => ['choice', 'choices', 'bool'].includes(field.type) || isRange(field)) ?? []
}
/** Dates and numbers are narrowed from one value to another; what is masked must not be guessed so. */
export function isRange(field: FieldSpec): boolean {
  return ['date', 'int', 'decimal', 'money'].includes(field.type) && !field.mask
}
/** "a..b" as the server takes it, either end open; nothing if both are. */
export function rangeWord(from: string, to: string): string | undefined {
  return from || to ? `${from}..${to}` : undefined
}

export function useFilters(kind: () => Kind | undefined) {
  const route = useRoute()
  const router = useRouter()
  const query = computed(() => queryFrom(route.query, kind()))
  function set(changes: Record<string, string | undefined>) {
    const next: Record<string, string> = {}
    for (const [name, value] of Object.entries({ ...route.query, ...changes }))
      if (typeof value === 'string' && value !== '')
        next[name] = value
    return router.replace({ path: route.path, query: next })
  }
  const reset = () => set(Object.fromEntries(Object.keys(route.query).filter(name => name !== 'area' && name !== 'map').map(name => [name, undefined])))
  const narrowed = computed(() => Object.keys(route.query).some(name => name.startsWith('f.') || [...plain.filter(word => !['view', 'sort', 'map'].includes(word)), ...marks].some(word => word === name)))
  return { query, narrowed, set, reset }
}
