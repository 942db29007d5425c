// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { FieldSpec, Kind } from '@/api/types'
import { pointers, useRelated } from './use-related'

afterEach(() => vi.unstubAllGlobals())
const title = { zh: '', en: '' }
function kind(name: string, ...fields: Pick<FieldSpec, 'name' | 'type' | 'to'>[]): Kind {
  return { name, title, subject: '', icon: '', levels: [], title_fields: [], list_fields: [], views: [], states: [], actions: [], clocks: [], escalation: [], fields: fields.map(field => ({ ...field, title })) }
}
const visit = kind('visit', { name: 'person', type: 'ref', to: 'person' }, { name: 'words', type: 'text' })
const household = kind('household', { name: 'members', type: 'refs', to: 'person' }, { name: 'building', type: 'ref', to: 'area' })

describe('records that refer to one', () => {
  it('are looked for by fields that point to its kind, in kinds that one may read', () => {
    const found = pointers([visit, household], 'person', () => true)
    expect(found.map(one => `${one.kind.name}.${one.field.name}`)).toEqual(['visit.person', 'household.members'])
    expect(pointers([visit, household], 'person', name => name === 'visit')).toHaveLength(1)
    expect(pointers([visit], 'request', () => true)).toEqual([])
  })
  it('are shown where there are some; what is refused is left out', async () => {
    vi.stubGlobal('fetch', async (request: Request) => request.url.includes('visit')
      ? Response.json({ records: [{ id: '3' }], next: null, count: 1, count_capped: false })
      : Response.json({ status: 403, code: 'filter_not_allowed' }, { status: 403 }))
    const { related, load } = useRelated()
    await load(pointers([visit, household], 'person', () => true), '7')
    expect(related.value.map(one => [one.kind.name, one.count])).toEqual([['visit', 1]])
  })
})
