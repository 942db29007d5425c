// SPDX-License-Identifier: Apache-2.0
/** How a field is asked. Pure. */
import type { Choice, FieldSpec, Fields, FieldValue } from '@/api/types'
import { isAsked } from './when'

export type Asked = 'line' | 'lines' | 'number' | 'span' | 'yes' | 'day' | 'moment' | 'choice' | 'choices' | 'ref' | 'refs' | 'point' | 'file' | 'extra'

export function asked(field: FieldSpec): Asked {
  switch (field.type) {
    case 'int': case 'decimal': case 'money': return 'number'
    case 'duration': return 'span'
    case 'bool': return 'yes'
    case 'date': return 'day'
    case 'instant': return 'moment'
    case 'choice': case 'choices': case 'ref': case 'refs': case 'point': case 'file': case 'extra': return field.type
    default: return field.multiline || (field.max ?? 0) > 200 ? 'lines' : 'line'
  }
}

/** Text typed for a number field as the server takes it: as a number; what is no number goes as it was typed, so that the server can say so. */
export function numberOf(text: string): FieldValue {
  const clean = text.trim().replace(/[,，]/g, '')
  if (clean === '')
    return null
  return Number.isFinite(Number(clean)) ? Number(clean) : clean
}

type Choices = (list: string | undefined) => Choice[]
const answersOf = (field: FieldSpec, fields: Fields) => (fields[field.name] ?? {}) as Fields

/** Questions that the chosen entry of a list asks, given the answers so far. */
export function questionsOf(field: FieldSpec, fields: Fields, kindFields: FieldSpec[], choices: Choices): FieldSpec[] {
  const by = kindFields.find(one => one.name === field.by)
  const questions = choices(by?.list).find(choice => choice.key === fields[field.by ?? ''])?.questions ?? []
  return questions.filter(question => isAsked(question, { ...fields, ...answersOf(field, fields) }, [...questions, ...kindFields]))
}

/** What still counts of a form: nothing that is no longer asked for. `known` is what the record holds beside it. */
export function settled(form: Fields, kindFields: FieldSpec[], choices: Choices, known: Fields = {}): Fields {
  const kept = { ...form }
  for (const field of kindFields) {
    const all = { ...known, ...kept }
    if (!(field.name in kept))
      continue
    if (!isAsked(field, all, kindFields))
      delete kept[field.name]
    else if (field.type === 'extra' && kept[field.name]) {
      const names = questionsOf(field, all, kindFields, choices).map(question => question.name)
      kept[field.name] = Object.fromEntries(Object.entries(answersOf(field, kept)).filter((one): one is [string, FieldValue] => names.includes(one[0]) && one[1] !== undefined))
    }
  }
  return kept
}

/** Questions of a chosen entry that must be answered and are not. */
export function missingAnswers(fields: FieldSpec[], values: Fields, kindFields: FieldSpec[], choices: Choices): string[] {
  return fields.filter(field => field.type === 'extra').flatMap(field =>
    missing(questionsOf(field, values, kindFields, choices), answersOf(field, values)))
}

/** What a form remembers with its name (a unit, another record) goes to the server as its id. */
export function plain(value: FieldValue | undefined): FieldValue {
  if (Array.isArray(value))
    return (value as FieldValue[]).map(plain) as string[]
  if (value && typeof value === 'object' && typeof value.id === 'string')
    return value.id
  return value === '' || value === undefined ? null : value
}
/** Only what was said; an empty text is nothing. */
export function said(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plain(value)] as const)
    .filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0)))
}
/** What differs between a form and the record it started from; emptied fields become null. */
export function changesOf(before: Fields, after: Fields): Fields {
  return Object.fromEntries(Object.entries(after).map(([name, value]) => [name, plain(value)] as const)
    .filter(([name, value]) => JSON.stringify(plain(before[name])) !== JSON.stringify(value)))
}
/** Names of required fields that are asked for and have no value. */
export function missing(fields: FieldSpec[], values: Fields, more: string[] = [], kindFields = fields): string[] {
  const given = said(values)
  return fields.filter(field => (field.required || more.includes(field.name)) && isAsked(field, values, kindFields) && !(field.name in given)).map(field => field.name)
}
