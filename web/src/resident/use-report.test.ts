// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Choice } from '@/api/types'
import { emptyReport, guess, pages, reportFields } from './use-report'

const title = { zh: '', en: '' }
const choices: Choice[] = [
  { key: 'litter', title, attributes: { keywords: ['垃圾', '臭'] } },
  { key: 'noise', title, attributes: { keywords: ['噪音', '吵'] } },
  { key: 'other', title },
]

describe('guessing the category', () => {
  it('finds it in the words, most hits first', () => {
    expect(guess('楼下垃圾很臭，晚上还吵', choices).map(choice => choice.key)).toEqual(['litter', 'noise'])
  })
  it('guesses nothing from other words', () => {
    expect(guess('你好', choices)).toEqual([])
  })
})

describe('what is sent', () => {
  it('the building before the address, no empty fields, name only if given openly', () => {
    const form = { ...emptyReport(), category: 'litter', description: ' 垃圾没人清 ', address: '2单元', name: '李桂英', phone: '' }
    expect(reportFields(form, '花园小区3栋')).toEqual({ category: 'litter', description: '垃圾没人清', address: '花园小区3栋 2单元', channel: 'mobile', anonymous: false, reporter_name: '李桂英' })
    expect(reportFields({ ...form, anonymous: true }, '')).not.toHaveProperty('reporter_name')
  })
  it('elder mode asks one question a page and leaves none out', () => {
    expect(pages.elder.every(parts => parts.length === 1)).toBe(true)
    expect(pages.elder.flat().sort()).toEqual(pages.usual.flat().sort())
  })
})
