// SPDX-License-Identifier: Apache-2.0
import { computed } from 'vue'
import type { RecordLine } from '@/api/types'
import { useRecords } from '@/record/use-records'
import { useMe } from '@/shell/use-me'

export const noticeKind = 'notice'

/** What still holds on a day of China's calendar: yesterday's cut of water is no news. */
export function current(notices: RecordLine[], now: number): RecordLine[] {
  const today = new Date(now + 8 * 3_600_000).toISOString().slice(0, 10)
  return notices.filter(notice => !notice.fields.valid_until || String(notice.fields.valid_until) >= today)
}

/** What the community and those above it have published and still holds, newest first; of one topic, if it is given. */
export function useNotices(limit: number, topic?: string) {
  const { may } = useMe()
  const list = useRecords(() => noticeKind, limit)
  const load = async () => {
    if (may(noticeKind, 'read'))
      await list.load({ sort: '-created_at', fields: topic ? { topic } : {} })
  }
  const records = computed(() => current(list.records.value, Date.now()))
  return { ...list, records, load }
}
