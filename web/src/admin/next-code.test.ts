// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { nextCode } from './next-code'

it.each([
  ['grid', [], '340504001001001'], ['grid', ['340504001001001', '340504001001007', '340504001001C9'], '340504001001008'],
  ['compound', ['340504001001C1', '340504001001C2', '340504001001001'], '340504001001C3'], ['building', ['340504001001'], '340504001001B1'],
])('the next %s after %j is %s', (level, taken, code) => expect(nextCode('340504001001', level, taken)).toBe(code))
