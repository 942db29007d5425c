// SPDX-License-Identifier: Apache-2.0
import type { Choice, Kind } from '@/api/types'
import { say } from '@/shell/i18n'

/** What the fields of a kind, and the questions of its lists, are called: for telling where a problem lies. */
export function fieldNames(kind: Kind | undefined, choices: (list: string | undefined) => Choice[]): Record<string, string> {
  const fields = kind?.fields ?? []
  const questions = fields.flatMap(field => field.type === 'choice' ? choices(field.list).flatMap(choice => choice.questions ?? []) : [])
  return Object.fromEntries([...questions, ...fields].map(field => [field.name, say(field.title)]))
}
