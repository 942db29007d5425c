// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Kind } from '@/api/types'
import { filterable, queryFrom, rangeWord } from './use-filters'
import { queryWords } from './use-records'

const kind = {
  name: 'request', title: { zh: '', en: '' }, subject: '', icon: '', levels: [], title_fields: [], list_fields: [], states: [], actions: [], clocks: [], escalation: [],
  views: [{ name: 'open', title: { zh: '', en: '' } }],
  fields: [{ name: 'category', title: { zh: '', en: '' }, type: 'choice' }, { name: 'words', title: { zh: '', en: '' }, type: 'text' }],
} satisfies Kind

describe('a range', () => {
  it('has open ends, and is nothing without any', () => {
    expect(rangeWord('2025-05-01', '')).toBe('2025-05-01..')
    expect(rangeWord('', '10')).toBe('..10')
    expect(rangeWord('', '')).toBeUndefined()
  })
})

describe('the query of a list', () => {
  it('is read from the address, fields with their prefix, unknown views dropped', () => {
    const query = queryFrom({ 'view': 'nonsense', 'q': '路灯', 'overdue': '1', 'f.category': 'light', 'f.x': '' }, kind)
    expect(query).toMatchObject({ view: undefined, q: '路灯', overdue: true, mine: false, fields: { category: 'light' } })
  })
  it('goes to the server without what was not said', () => {
    expect(queryWords({ area: '7', q: ' 路灯 ', overdue: true, fields: { category: 'light' } })).toEqual({ 'area': '7', 'q': '路灯', 'overdue': 1, 'f.category': 'light' })
  })
  it('can be narrowed by choices, not by words', () => {
    expect(filterable(kind).map(field => field.name)).toEqual(['category'])
  })
})
