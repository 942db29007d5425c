// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { RecordLine } from '@/api/types'
import { current } from './use-notices'

describe('notices', () => {
  it('go when their last day is over in China, and stay without one', () => {
    const notices = ['2025-05-07', '2025-05-08', undefined].map(valid_until => ({ fields: { valid_until } }) as unknown as RecordLine)
    const left = (now: string) => current(notices, Date.parse(now)).map(one => one.fields.valid_until)
    expect(left('2025-05-07T15:59:00Z')).toEqual(['2025-05-07', '2025-05-08', undefined])
    expect(left('2025-05-07T16:00:00Z')).toEqual(['2025-05-08', undefined])
  })
})
