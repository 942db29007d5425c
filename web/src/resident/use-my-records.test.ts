// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { FieldSpec } from '@/api/types'
import { asksStars, starsOf } from './use-my-records'

const title = { zh: '', en: '' }
const field = (name: string, more: Partial<FieldSpec> = {}): FieldSpec => ({ name, title, type: 'int', ...more })
const fields = [field('stars', { least: 1, most: 5 }), field('floor', { least: 1, most: 40 }), field('answer', { type: 'text' })]
const action = (needs: string[], by = ['reporter']) => ({ name: 'rate', title, from: ['answered'], to: 'closed', by, needs, may: [] })

describe('stars', () => {
  it('are a number from one to five, and all that the action asks for', () => {
    expect(starsOf({ fields }, action(['stars']))?.name).toBe('stars')
    for (const needs of [['floor'], ['answer'], ['stars', 'answer'], ['reason'], []])
      expect(starsOf({ fields }, action(needs))).toBeUndefined()
  })
  it('are asked of who filed the record, in the state from which the action goes', () => {
    expect(asksStars({ fields, actions: [action(['stars'])] }, { state: 'answered' })).toBe(true)
    expect(asksStars({ fields, actions: [action(['stars'])] }, { state: 'asked' })).toBe(false)
    expect(asksStars({ fields, actions: [action(['stars'], ['lead_unit'])] }, { state: 'answered' })).toBe(false)
    expect(asksStars(undefined, { state: 'answered' })).toBe(false)
  })
})
