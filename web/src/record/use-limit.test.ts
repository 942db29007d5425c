// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { parseLimit } from './use-limit'

it.each([
  ['4 working hours', { n: '4', unit: 'working_hours' }], ['1 working day', { n: '1', unit: 'working_days' }],
  ['10 days', { n: '10', unit: 'days' }], ['0.5 hours', { n: '0.5', unit: 'hours' }], ['soon', null],
])('%s', (limit, parsed) => expect(parseLimit(limit)).toEqual(parsed))
