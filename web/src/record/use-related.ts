// SPDX-License-Identifier: Apache-2.0
import { shallowRef } from 'vue'
import { api } from '@/api/client'
import type { FieldSpec, Kind, RecordLine } from '@/api/types'

export interface Related { kind: Kind, field: FieldSpec, records: RecordLine[], count: number, capped: boolean }
const few = 5

/** Fields by which records of any kind may point to one of this kind, of the kinds that one may read. */
export function pointers(kinds: Kind[], to: string, mayRead: (kind: string) => boolean): { kind: Kind, field: FieldSpec }[] {
  return kinds.filter(kind => mayRead(kind.name)).flatMap(kind =>
    kind.fields.filter(field => (field.type === 'ref' || field.type === 'refs') && field.to === to).map(field => ({ kind, field })))
}

/** The first records that refer to one, by kind and field, with how many there are. What fails is left out: it is an extra. */
export function useRelated() {
  const related = shallowRef<Related[]>([])
  async function load(from: { kind: Kind, field: FieldSpec }[], id: string) {
    const found = await Promise.all(from.map(async ({ kind, field }) => {
      const query = { [`f.${field.name}`]: id, limit: few, count: 1 }
      const { data } = await api.GET('/api/records/{kind}', { params: { path: { kind: kind.name }, query } }).catch(() => ({ data: undefined }))
      return { kind, field, records: data?.records ?? [], count: data?.count ?? 0, capped: data?.count_capped ?? false }
    }))
    related.value = found.filter(one => one.records.length)
  }
  return { related, load }
}
