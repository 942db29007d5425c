// SPDX-License-Identifier: Apache-2.0
import type { Title } from './types'

/** What somebody else has filed that may be the same: as much as everybody may know. */
export interface Hint {
  id: string
  choice: string
  title: Title
  state: Title
  closed: boolean
  area: string
  filed_on: string
  metres: number | null
  reasons: ('same' | 'group' | 'near' | 'words')[]
  followers: number
  following: boolean
  own: boolean
  readable: boolean
}
/** What somebody follows of others' records. */
export interface Followed {
  kind: string
  id: string
  title: Title
  state: Title
  closed: boolean
  area: string
  filed_on: string
  since: string
  moved_at: string | null
  /** Not shown yet. */
  news: boolean
  followers: number
}
