// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { FieldSpec, FieldType, WhenTree } from '@/api/types'
import { holds, isAsked } from './when'

const field = (name: string, type: FieldType): FieldSpec => ({ name, type, title: { zh: '', en: '' } })
const fields = [field('topic', 'choice'), field('anonymous', 'bool'), field('born', 'date'), field('stars', 'int'), field('unit', 'ref'), field('at', 'instant'), field('tags', 'choices')]
const name = (of: string): WhenTree => ({ name: of })
const op = (op: string, ...args: WhenTree[]): WhenTree => ({ op, args })
const literal = (literal: string | number | boolean): WhenTree => ({ literal })
const now = Date.parse('2025-05-08T00:30:00+08:00')

describe('a condition of the catalogue', () => {
  it('of the notice: one of two topics', () => {
    const tree = op('or', op('=', name('topic'), literal('activity')), op('=', name('topic'), literal('service')))
    expect(holds(tree, { topic: 'service' }, fields)).toBe(true)
    expect(holds(tree, { topic: 'news' }, fields)).toBe(false)
    expect(holds(tree, {}, fields)).toBe(false)
  })
  it('of the request: nothing said about anonymity counts as not anonymous', () => {
    const tree = op('or', op('is null', name('anonymous')), op('=', name('anonymous'), literal(false)))
    expect(holds(tree, {}, fields)).toBe(true)
    expect(holds(tree, { anonymous: false }, fields)).toBe(true)
    expect(holds(tree, { anonymous: true }, fields)).toBe(false)
  })
  it('is not met by what is unknown, and neither is its opposite', () => {
    const tree = op('>', name('stars'), literal(3))
    expect(holds(tree, {}, fields)).toBe(false)
    expect(holds(op('not', tree), {}, fields)).toBe(false)
    expect(holds(op('not', tree), { stars: 2 }, fields)).toBe(true)
    expect(holds(op('and', tree, op('=', name('topic'), literal('news'))), { topic: 'other' }, fields)).toBe(false)
  })
  it('a list of choices has one or has it not', () => {
    const tree = op('has', name('tags'), literal('law'))
    expect(holds(tree, { tags: ['sport', 'law'] }, fields)).toBe(true)
    expect(holds(tree, { tags: ['sport'] }, fields)).toBe(false)
    expect(holds(op('not', tree), {}, fields)).toBe(true)
    expect(holds(op('is null', name('tags')), { tags: [] }, fields)).toBe(true)
  })
  it('counts years back from today in China, at the end of a month too', () => {
    const sixty = op('<=', name('born'), op('-', op('today'), { months: 720, minutes: 0 }))
    expect(holds(sixty, { born: '1965-05-08' }, fields, now)).toBe(true)
    expect(holds(sixty, { born: '1965-05-09' }, fields, now)).toBe(false)
    const month = op('=', op('+', { date: '2025-01-31' }, { months: 1, minutes: 0 }), { date: '2025-02-28' })
    expect(holds(month, {}, fields, now)).toBe(true)
  })
  it('lists, references, arithmetic and instants', () => {
    expect(holds(op('in', name('topic'), literal('a'), literal('b')), { topic: 'b' }, fields)).toBe(true)
    expect(holds(op('not in', name('topic'), literal('a')), { topic: 'b' }, fields)).toBe(true)
    expect(holds(op('=', name('unit'), literal('7')), { unit: { id: '7', name: '城管' } }, fields)).toBe(true)
    expect(holds(op('>', op('*', name('stars'), literal(2)), literal(5)), { stars: 3 }, fields)).toBe(true)
    expect(holds(op('is null', op('/', name('stars'), literal(0))), { stars: 3 }, fields)).toBe(true)
    expect(holds(op('<', name('at'), op('now')), { at: '2025-05-07T00:00:00Z' }, fields, now)).toBe(true)
    expect(holds(op('=', op('date', name('at')), { date: '2025-05-08' }), { at: '2025-05-07T16:30:00Z' }, fields, now)).toBe(true)
  })
  it('a field without one is always asked', () => {
    expect(isAsked(field('a', 'text'), {}, fields)).toBe(true)
    expect(isAsked({ ...field('a', 'text'), when_tree: op('is not null', name('topic')) }, {}, fields)).toBe(false)
  })
})
