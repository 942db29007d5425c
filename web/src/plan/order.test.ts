// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { inOrder } from './order'

describe('areas in order of a figure', () => {
  const values = [3, null, 12, 7]
  it('go up or down, those without a figure last', () => {
    expect(inOrder(values, one => one, true)).toEqual([12, 7, 3, null])
    expect(inOrder(values, one => one, false)).toEqual([3, 7, 12, null])
  })
  it('keep their order where they are equal', () => {
    expect(inOrder(['a', 'b'], () => null, true)).toEqual(['a', 'b'])
  })
})
