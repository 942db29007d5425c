// SPDX-License-Identifier: Apache-2.0
import type { FullRecord, Kind } from '@/api/types'

/** The action that leads straight back to the state before and asks for nothing, if one may be taken now. */
export function wayBack(kind: Pick<Kind, 'actions'>, record: Pick<FullRecord, 'actions' | 'state'>, before: string): string | null {
  if (record.state === before)
    return null
  const back = kind.actions.filter(action => action.to === before).map(action => action.name)
  return record.actions.find(action => back.includes(action.name) && action.needs.length === 0)?.name ?? null
}
