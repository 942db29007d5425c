// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { firstDay, wordsOf } from './use-routing'

test('words may stand with any comma or space between', () => {
  expect(wordsOf(' 困人，被困、 关在;轿厢 ')).toBe('困人,被困,关在,轿厢')
  expect(wordsOf('  ')).toBe('')
})

test('a span counts its last day, in China', () => {
  expect(firstDay(new Date('2025-05-08T20:00:00Z'), 1)).toBe('2025-05-09')
  expect(firstDay(new Date('2025-05-08T10:00:00Z'), 7)).toBe('2025-05-02')
})
