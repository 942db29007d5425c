// SPDX-License-Identifier: Apache-2.0
/** How a field is asked. Pure. */
import type { Choice, FieldSpec, Fields, FieldValue } from '@/api/types'

export type Asked = 'line' | 'lines' | 'number' | 'yes' | 'day' | 'moment' | 'choice' | 'choices' | 'ref' | 'refs' | 'point' | 'file' | 'extra'

export function asked(field: FieldSpec): Asked {
  switch (field.type) {
    case 'int': case 'decimal': case 'money': return 'number'
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

/** Questions that the chosen entry of a list asks. */
export function questionsOf(field: FieldSpec, fields: Fields, kindFields: FieldSpec[], choices: (list: string | undefined) => Choice[]): FieldSpec[] {
  const by = kindFields.find(one => one.name === field.by)
  return choices(by?.list).find(choice => choice.key === fields[field.by ?? ''])?.questions ?? []
}

/** Questions of a chosen entry that must be answered and are not. */
export function missingAnswers(fields: FieldSpec[], values: Fields, kindFields: FieldSpec[], choices: (list: string | undefined) => Choice[]): string[] {
  return fields.filter(field => field.type === 'extra').flatMap(field =>
    missing(questionsOf(field, values, kindFields, choices), (values[field.name] ?? {}) as Fields))
}

/** Only what was said; an empty text is nothing. */
export function said(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) =>
    value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)))
}
/** What differs between a form and the record it started from; emptied fields become null. */
export function changesOf(before: Fields, after: Fields): Fields {
  const same = (a: FieldValue | undefined, b: FieldValue | undefined) => JSON.stringify(a ?? null) === JSON.stringify(b === '' ? null : b ?? null)
  return Object.fromEntries(Object.entries(after).filter(([name, value]) => !same(before[name], value))
    .map(([name, value]) => [name, value === '' || value === undefined ? null : value]))
}
/** Names of required fields without a value. */
export function missing(fields: FieldSpec[], values: Fields, more: string[] = []): string[] {
  const given = said(values)
  return fields.filter(field => (field.required && !field.when || more.includes(field.name)) && !(field.name in given)).map(field => field.name)
}
