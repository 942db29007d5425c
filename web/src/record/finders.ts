// SPDX-License-Identifier: Apache-2.0
/** Where a field that points to something else looks for it. */
import { api } from '@/api/client'
import type { Option } from '@/ui/PickOne.vue'

export function findUnits(under?: string) {
  return async (q: string): Promise<Option[]> => {
    const { data } = await api.GET('/api/units', { params: { query: { under, q: q || undefined, limit: 30 } } })
    return (data?.units ?? []).filter(unit => unit.enabled !== false).map(unit => ({ id: unit.id, name: unit.name, hint: unit.area?.name }))
  }
}
async function findAreas(q: string): Promise<Option[]> {
  const { data } = await api.GET('/api/areas', { params: { query: { q: q || undefined, limit: 30 } } })
  return (data?.areas ?? []).map(area => ({ id: area.id, name: area.name, hint: area.code }))
}
async function findAccounts(q: string): Promise<Option[]> {
  const { data } = await api.GET('/api/accounts', { params: { query: { q: q || undefined, limit: 30 } } })
  return (data?.accounts ?? []).map(account => ({ id: account.id, name: account.name, hint: account.login }))
}
function findRecords(kind: string) {
  return async (q: string): Promise<Option[]> => {
    const { data } = await api.GET('/api/records/{kind}', { params: { path: { kind }, query: { q: q || undefined, limit: 20 } } })
    return (data?.records ?? []).map(record => ({ id: record.id, name: record.title || record.number, hint: record.number }))
  }
}
export function finderFor(to: string, under?: string): (q: string) => Promise<Option[]> {
  switch (to) {
    case 'unit': return findUnits(under)
    case 'area': return findAreas
    case 'account': return findAccounts
    default: return findRecords(to)
  }
}
