// SPDX-License-Identifier: Apache-2.0
import { reactive, ref } from 'vue'
import type { Fields } from '@/api/types'
import { useDraft } from './use-draft'

/** What is being filed of one kind: survives a closed page, not its sending. */
export function useRecordDraft(kind: string) {
  const draft = reactive<{ area: string, fields: Fields }>({ area: '', fields: {} })
  const kept = useDraft(`record.${kind}`, draft)
  const found = ref(kept.found && Object.keys(draft.fields).length > 0)
  function drop(startAnew = false) {
    found.value = false
    if (startAnew) {
      draft.fields = {}
      return
    }
    kept.drop()
  }
  return { draft, found, drop }
}
