// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { FieldSpec } from '@/api/types'
import { asked, changesOf, missing, numberOf, questionsOf, said, settled } from './field-kinds'

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
  it('of what points elsewhere only the id, though the form remembers its name', () => {
    expect(said({ unit: { id: '7', name: '城管' }, people: [{ id: '1', name: '甲' }] as unknown as string[], at: { lat: 1, lon: 2 } }))
      .toEqual({ unit: '7', people: ['1'], at: { lat: 1, lon: 2 } })
    expect(changesOf({ unit: { id: '7', name: '城管' } }, { unit: { id: '7', name: '城管局' } })).toEqual({})
  })
  it('nothing that is no longer asked for, and nothing that hung on it', () => {
    const filled = (name: string) => ({ op: 'is not null', args: [{ name }] })
    const category = field('category', { type: 'choice', list: 'cats' })
    const fields = [category, field('b', { when_tree: { op: '=', args: [{ name: 'category' }, { literal: 'light' }] } }), field('c', { when_tree: filled('b') }), field('answers', { type: 'extra', by: 'category' })]
    const lists = () => ['light', 'noise'].map(key => ({ key, title: { zh: '', en: '' }, questions: [field(`${key}_q`)] }))
    const form = { category: 'light', b: '1', c: '2', answers: { light_q: 'x', noise_q: 'y' } }
    expect(settled(form, fields, lists)).toEqual({ ...form, answers: { light_q: 'x' } })
    expect(settled({ ...form, category: 'noise' }, fields, lists)).toEqual({ category: 'noise', answers: { noise_q: 'y' } })
  })
  it('names what is missing, of what is asked under a condition only if it holds', () => {
    const fields = [field('a', { required: true }), field('b', { required: true, when_tree: { op: '=', args: [{ name: 'a' }, { literal: '1' }] } }), field('c')]
    expect(missing(fields, {})).toEqual(['a'])
    expect(missing(fields, { a: '1' })).toEqual(['b'])
    expect(missing(fields, { a: '2' })).toEqual([])
    expect(missing(fields, { a: '2' }, ['c'])).toEqual(['c'])
  })
})
