// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { byField, fieldOf, toRefusal } from './refusal'

describe('a refusal', () => {
  it.each([['/fields/phone', 'phone'], ['/fields/answers/waste_kind', 'waste_kind'], ['/fields/photos/0', 'photos'], ['/area', 'area'], ['', '']])('%s speaks of %s', (pointer, field) => {
    expect(fieldOf(pointer)).toBe(field)
  })
  it('is made of a problem document', () => {
    const refusal = toRefusal({ code: 'invalid', detail: 'd', problems: [{ pointer: '/fields/phone', code: 'not_phone', detail: '' }], request_id: 'r1' }, 422)
    expect(refusal).toMatchObject({ code: 'invalid', status: 422, requestId: 'r1' })
    expect(byField(refusal).phone?.code).toBe('not_phone')
  })
  it('and of anything else: a proxy that answers with a page', () => {
    expect(toRefusal('<html>', 502)).toMatchObject({ code: 'http_502', status: 502, problems: [] })
  })
})
