// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { FieldSpec } from '@/api/types'
import { asked, changesOf, missing, numberOf, questionsOf, said } from './field-kinds'

const field = (name: string, more: Partial<FieldSpec> = {}): FieldSpec => ({ name, title: { zh: name, en: name }, type: 'text', ...more })

describe('how a field is asked', () => {
  it('long text gets lines, short text one line', () => {
    expect(asked(field('a', { max: 4000 }))).toBe('lines')
    expect(asked(field('a', { max: 60 }))).toBe('line')
    expect(asked(field('a', { multiline: true }))).toBe('lines')
  })
  it('numbers are sent as numbers, what is no number as it was typed so that the server can say so', () => {
    expect(numberOf('1,200')).toBe(1200)
    expect(numberOf(' ')).toBeNull()
    expect(numberOf('ten')).toBe('ten')
  })
})

describe('extra questions', () => {
  it('come from the chosen entry', () => {
    const category = field('category', { type: 'choice', list: 'cats' })
    const extra = field('answers', { type: 'extra', by: 'category' })
    const lists = () => [{ key: 'light', title: { zh: '', en: '' }, questions: [field('lamp')] }]
    expect(questionsOf(extra, { category: 'light' }, [category, extra], lists).map(q => q.name)).toEqual(['lamp'])
    expect(questionsOf(extra, { category: 'noise' }, [category, extra], lists)).toEqual([])
  })
})

describe('what is sent', () => {
  it('leaves out what was not said', () => {
    expect(said({ a: '', b: null, c: [], d: 0, e: false })).toEqual({ d: 0, e: false })
  })
  it('sends only what changed, and null for what was emptied', () => {
    expect(changesOf({ a: 'x', b: 'y', c: null }, { a: 'x', b: '', c: '' })).toEqual({ b: null })
  })
  it('names what is missing, not what is asked under a condition', () => {
    const fields = [field('a', { required: true }), field('b', { required: true, when: true }), field('c')]
    expect(missing(fields, {})).toEqual(['a'])
    expect(missing(fields, { a: '1' }, ['c'])).toEqual(['c'])
  })
})
