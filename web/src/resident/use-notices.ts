// SPDX-License-Identifier: Apache-2.0
import { useRecords } from '@/record/use-records'
import { useMe } from '@/shell/use-me'

export const noticeKind = 'notice'

/** What the community and those above it have published, newest first; of one topic, if it is given. */
export function useNotices(limit: number, topic?: string) {
  const { may } = useMe()
  const list = useRecords(() => noticeKind, limit)
  const load = async () => {
    if (may(noticeKind, 'read'))
      await list.load({ sort: '-created_at', fields: topic ? { topic } : {} })
  }
  return { ...list, load }
}
