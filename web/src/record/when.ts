// SPDX-License-Identifier: Apache-2.0
/** Whether a field is asked for: conditions of the catalogue over what the form holds so far, as the server reads them: three-valued, and unknown is no. Pure. */
import type { FieldSpec, Fields, FieldValue, WhenTree } from '@/api/types'

/** Dates as days and instants as milliseconds, so that they can be compared and moved. */
type Amount = null | boolean | number | string | string[] | { days: number } | { ms: number }
interface Span { months: number, minutes: number }

const minute = 60_000
const day = 24 * 60 * minute
const officialDay = (ms: number) => ({ days: Math.floor((ms + 8 * 60 * minute) / day) })
const dayOf = (text: string) => ({ days: Date.parse(`${text.slice(0, 10)}T00:00:00Z`) / day })

function given(value: FieldValue | undefined, field: FieldSpec | undefined): Amount {
  if (value === undefined || value === null || value === '')
    return null
  if (Array.isArray(value))
    return value.length && field?.type === 'choices' ? value.map(String) : null
  if (typeof value === 'object')
    return typeof value.id === 'string' ? value.id : null
  if (field?.type === 'date')
    return dayOf(String(value))
  return field?.type === 'instant' ? { ms: Date.parse(String(value)) } : value
}
function size(value: Amount): number | null {
  if (typeof value === 'number')
    return value
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return null
  return 'days' in value ? value.days : value.ms
}
function order(a: Amount, b: Amount): number | null {
  if (a === null || b === null)
    return null
  const x = size(a)
  const y = size(b)
  return x !== null && y !== null ? Math.sign(x - y) : Number(a !== b)
}
/** A month later than 31 January is the last day of February. */
function moved(from: Amount, span: Span, sign: number): Amount {
  if (from === null || typeof from !== 'object' || Array.isArray(from))
    return null
  if ('ms' in from)
    return { ms: from.ms + sign * span.minutes * minute }
  const at = new Date((from.days + Math.trunc(sign * span.minutes / (24 * 60))) * day)
  const first = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + sign * span.months, 1))
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  return { days: first.getTime() / day + Math.min(at.getUTCDate(), last) - 1 }
}
const compare: Record<string, (order: number) => boolean> = {
  '=': n => n === 0, '!=': n => n !== 0, '<': n => n < 0, '<=': n => n <= 0, '>': n => n > 0, '>=': n => n >= 0,
}
const count: Record<string, (a: number, b: number) => number | null> = {
  '+': (a, b) => a + b, '-': (a, b) => a - b, '*': (a, b) => a * b, '/': (a, b) => b === 0 ? null : a / b,
  'negate': a => -a, 'abs': Math.abs, 'min': Math.min, 'max': Math.max,
}

function evaluate(tree: WhenTree, value: (name: string) => Amount, now: number): Amount {
  if ('literal' in tree)
    return tree.literal
  if ('date' in tree)
    return dayOf(tree.date)
  if ('name' in tree)
    return value(tree.name)
  if (!('op' in tree))
    return null
  const { op, args } = tree
  const of = (at: number) => evaluate(args[at]!, value, now)
  if (op === 'and' || op === 'or') {
    const all = args.map((_arg, at) => of(at))
    return all.includes(op === 'or') ? op === 'or' : all.every(one => typeof one === 'boolean') ? op === 'and' : null
  }
  if (op in compare) {
    const found = order(of(0), of(1))
    return found === null ? null : compare[op]!(found)
  }
  const span = args[1]
  if ((op === '+' || op === '-') && span && 'months' in span)
    return moved(of(0), span, op === '+' ? 1 : -1)
  if (op in count) {
    const numbers = args.map((_arg, at) => size(of(at)))
    return numbers.includes(null) ? null : count[op]!(numbers[0]!, numbers[1] ?? 0)
  }
  return special(op, args.length, of, now)
}
function special(op: string, length: number, of: (at: number) => Amount, now: number): Amount {
  switch (op) {
    case 'not': { const it = of(0); return typeof it === 'boolean' ? !it : null }
    case 'in': case 'not in': {
      const orders = Array.from({ length: length - 1 }, (_, at) => order(of(0), of(at + 1)))
      return orders.includes(null) ? null : orders.includes(0) === (op === 'in')
    }
    case 'has': { const all = of(0); return Array.isArray(all) && all.includes(String(of(1))) }
    case 'is null': return of(0) === null
    case 'is not null': return of(0) !== null
    case 'today': return officialDay(now)
    case 'now': return { ms: now }
    case 'date': { const at = of(0); return at !== null && typeof at === 'object' && !Array.isArray(at) && 'ms' in at ? officialDay(at.ms) : null }
    case 'if': return of(of(0) === true ? 1 : 2)
    case 'coalesce': return of(0) ?? of(1)
    default: return null
  }
}

export function holds(tree: WhenTree, values: Fields, fields: FieldSpec[], now = Date.now()): boolean {
  return evaluate(tree, name => given(values[name], fields.find(field => field.name === name)), now) === true
}
export function isAsked(field: FieldSpec, values: Fields, fields: FieldSpec[], now = Date.now()): boolean {
  return !field.when_tree || holds(field.when_tree, values, fields, now)
}
