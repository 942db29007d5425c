// SPDX-License-Identifier: Apache-2.0
import type { RecordLine } from './types'

export type Mark = 'number_same' | 'number_differs' | 'number_missing' | 'name_same' | 'name_sounds' | 'name_looks' | 'name_near' | 'name_differs' | 'birth_same'
  | 'birth_swapped' | 'birth_near' | 'birth_differs' | 'sex_same' | 'sex_differs' | 'phone_same' | 'phone_differs' | 'household_same' | 'dwelling_same'
/** Two persons who may be one; `chance` of a thousand; bits below zero speak against it. */
export interface Pair {
  first: RecordLine
  second: RecordLine
  chance: number
  reasons: { mark: Mark, bits: number }[]
  found_at: string
}
export interface Merge { id: string, at: string, kept: RecordLine }
export type Decision = 'same' | 'different' | 'later'
