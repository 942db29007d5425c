// SPDX-License-Identifier: Apache-2.0
import { afterEach, expect, it } from 'vitest'
import { listed, sentences } from './i18n'
import { preferences } from './preferences'

afterEach(() => { preferences.language = 'zh-CN' })

it('lists and sentences are joined as the language writes them', () => {
  expect(listed(['甲', '乙', '丙'])).toBe('甲、乙、丙')
  expect(sentences(['您好', '', '已收到'])).toBe('您好。已收到')
  preferences.language = 'en'
  expect(listed(['a', 'b', 'c'])).toBe('a, b, c')
  expect(sentences(['Hello', '', 'We have it'])).toBe('Hello. We have it')
})
