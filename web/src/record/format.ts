// SPDX-License-Identifier: Apache-2.0
/** Values of fields as text. Choices, dates and people's words come from the helpers given. */
import type { FieldSpec, FieldValue } from '@/api/types'

export interface Words {
  choice: (list: string | undefined, key: unknown) => string
  yes: string
  no: string
  list: (parts: string[]) => string
  day: (at: string) => string
  moment: (at: string) => string
  span: (minutes: number) => string
}

export function isEmpty(value: FieldValue | undefined): value is null | undefined | '' {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}

function named(value: FieldValue): string {
  if (value && typeof value === 'object' && !Array.isArray(value))
    return String(value.name ?? value.title ?? value.number ?? value.id ?? '')
  return String(value)
}
export function pointText(value: FieldValue): string {
  if (!value || typeof value !== 'object' || Array.isArray(value))
    return String(value)
  const round = (n: FieldValue | undefined) => (Math.round(Number(n) * 1e5) / 1e5).toFixed(5)
  return `${round(value.lat)}, ${round(value.lon ?? value.lng ?? value.long)}`
}

/** One value in words; '' if there is none. */
export function valueText(field: FieldSpec, value: FieldValue | undefined, words: Words): string {
  if (isEmpty(value) || value === undefined || value === null)
    return ''
  const unit = field.unit ? ` ${field.unit}` : ''
  switch (field.type) {
    case 'choice': return words.choice(field.list, value)
    case 'choices': return words.list((value as string[]).map(key => words.choice(field.list, key)))
    case 'bool': return value ? words.yes : words.no
    case 'date': return words.day(String(value))
    case 'instant': return words.moment(String(value))
    case 'money': return `¥${Number(value).toFixed(2)}`
    case 'duration': return words.span(Number(value))
    case 'int':
    case 'decimal': return `${String(value)}${unit}`
    case 'refs': return Array.isArray(value) ? words.list((value as FieldValue[]).map(named)) : named(value)
    case 'point': return pointText(value)
    case 'file': return ''
    case 'ref': return named(value)
    default: return typeof value === 'object' ? named(value) : String(value)
  }
}
