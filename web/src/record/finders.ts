// SPDX-License-Identifier: Apache-2.0
/** Where a field that points to something else looks for it. */
import { api } from '@/api/client'
import { offline, toRefusal } from '@/api/refusal'
import type { Option } from '@/ui/PickOne.vue'

/** What was found, or the refusal thrown: "nothing found" must be true when it is said. */
async function found<T>(call: Promise<{ data?: T, error?: unknown, response: Response }>): Promise<T> {
  const { data, error, response } = await call.catch(() => { throw offline })
  if (!data)
    throw toRefusal(error, response.status)
  return data
}
export function findUnits(under?: string) {
  return async (q: string): Promise<Option[]> => {
    const { units } = await found(api.GET('/api/units', { params: { query: { under, q: q || undefined, limit: 30 } } }))
    return units.filter(unit => unit.enabled !== false).map(unit => ({ id: unit.id, name: unit.name, hint: unit.area?.name }))
  }
}
function findAreas(under?: string) {
  return async (q: string): Promise<Option[]> => {
    const { areas } = await found(api.GET('/api/areas', { params: { query: { under, q: q || undefined, limit: 30 } } }))
    return areas.map(area => ({ id: area.id, name: area.name, hint: area.code }))
  }
}
async function findAccounts(q: string): Promise<Option[]> {
  const { accounts } = await found(api.GET('/api/accounts', { params: { query: { q: q || undefined, limit: 30 } } }))
  return accounts.map(account => ({ id: account.id, name: account.name, hint: account.login }))
}
function findRecords(kind: string) {
  return async (q: string): Promise<Option[]> => {
    const { records } = await found(api.GET('/api/records/{kind}', { params: { path: { kind }, query: { q: q || undefined, limit: 20 } } }))
    return records.map(record => ({ id: record.id, name: record.title || record.number, hint: record.number }))
  }
}
export function finderFor(to: string, under?: string): (q: string) => Promise<Option[]> {
  switch (to) {
    case 'unit': return findUnits(under)
    case 'area': return findAreas(under)
    case 'account': return findAccounts
    default: return findRecords(to)
  }
}
