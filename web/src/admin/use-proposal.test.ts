// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { emptyForm, inputOf, part, proposalOf, shareTexts } from './use-proposal'

const step = (id: string) => ({ id, name: id, level: 'community' as const })
const from = (id: string) => ({ ...part(), area: step(id) })

describe('what is sent', () => {
  it('splits by households, with the heir that was chosen and the areas below where they go', () => {
    const form = { ...emptyForm(), kind: 'split' as const, areas: [from('7')], heir: 1, children: { 71: 0, 72: 1 },
      into: [{ ...part(), code: 'A', name: '甲', households: 3200 }, { ...part(), code: 'B', name: '乙', households: 2100 }] }
    expect(proposalOf(form).successors).toEqual([
      { code: 'A', name: '甲', weight: 603_774, heir: false, children: ['71'] },
      { code: 'B', name: '乙', weight: 396_226, heir: true, children: ['72'] },
    ])
    expect(shareTexts(form.into)).toEqual(['60.4%', '39.6%'])
    expect(proposalOf({ ...form, goesOn: true }).successors.map(one => one.area)).toEqual([undefined, '7'])
  })
  it('merges into one that goes on, or into a new one', () => {
    const form = { ...emptyForm(), kind: 'merge' as const, areas: [from('7'), from('8')], into: [{ ...part(), code: 'C', name: '合' }] }
    expect(proposalOf({ ...form, keeps: 1 }).successors).toEqual([{ area: '8', name: '合', heir: true }])
    expect(proposalOf({ ...form, keeps: -1 }).successors).toEqual([{ code: 'C', name: '合', heir: true }])
  })
})

describe('where a problem is shown', () => {
  it.each([
    ['/document', 'document'],
    ['/areas/1/area', 'areas-1-area'],
    ['/areas', 'areas'],
    ['/successors/0/code', 'successors-0-code'],
    ['/successors/0/weight', 'successors-0-households'],
    ['/successors/1/children/3', 'children'],
    ['/successors/1', 'successors'],
    ['/successors', 'successors'],
  ])('%s at %s', (pointer, input) => expect(inputOf(pointer)).toBe(input))
})
