// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { FieldSpec, FieldType, FieldValue } from '@/api/types'
import { valueText, type Words } from './format'

const words: Words = {
  choice: (list, key) => `${list}:${String(key)}`, yes: '是', no: '否', list: parts => parts.join('、'), day: at => `日${at}`, span: n => `${n} min`, moment: at => `时${at}`,
}
const field = (type: FieldType, more: Partial<FieldSpec> = {}): FieldSpec => ({ name: 'f', title: { zh: '', en: '' }, type, ...more })

describe('a value in words', () => {
  it.each<[FieldType, FieldValue, Partial<FieldSpec>, string]>([
    ['choice', 'noise', { list: 'category' }, 'category:noise'],
    ['choices', ['a', 'b'], { list: 'l' }, 'l:a、l:b'],
    ['bool', false, {}, '否'],
    ['date', '2025-05-08', {}, '日2025-05-08'],
    ['decimal', '35.50', { unit: 'm2' }, '35.50 m2'],
    ['money', '12.00', {}, '¥12.00'],
    ['ref', { id: '7', name: '张三' }, {}, '张三'],
    ['point', { lat: 31.6708, lon: 118.5074 }, {}, '31.67080, 118.50740'],
    ['duration', 150, {}, '150 min'],
    ['phone', '138****1234', {}, '138****1234'],
  ])('%s', (type, value, more, text) => {
    expect(valueText(field(type, more), value, words)).toBe(text)
  })
  it('is empty for what was not said', () => {
    expect(valueText(field('text'), null, words)).toBe('')
    expect(valueText(field('choices'), [], words)).toBe('')
  })
})
