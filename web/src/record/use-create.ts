// SPDX-License-Identifier: Apache-2.0
import { ref } from 'vue'
import { api, newKey, withKey } from '@/api/client'
import { uploadFile } from '@/api/files'
import { useCall } from '@/api/use-call'
import type { Fields, FullRecord } from '@/api/types'

/** Files chosen for a field before its record exists. */
export type ChosenFiles = Record<string, File[]>

/** Filing a record and then its files. A repeat after a lost answer uses the same key, so nothing is filed twice. */
export function useCreate(kind: string) {
  const { busy, refusal, run } = useCall()
  const sending = useCall()
  const failed = ref<string[]>([])
  let key = newKey()

  async function create(area: string, fields: Fields, files: ChosenFiles = {}): Promise<FullRecord | undefined> {
    const made = await run(() => api.POST('/api/records/{kind}', {
      params: { path: { kind }, header: withKey(key) }, body: { area, fields },
    }))
    if (!made) {
      if (refusal.value && refusal.value.status !== 0)
        key = newKey()
      return undefined
    }
    key = newKey()
    failed.value = []
    for (const [field, chosen] of Object.entries(files))
      for (const file of chosen)
        if (!await sending.run(() => uploadFile(kind, made.id, field, file)))
          failed.value = [...failed.value, file.name]
    return made
  }
  return { busy, refusal, failed, create }
}
