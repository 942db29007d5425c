// SPDX-License-Identifier: Apache-2.0
import { ref, shallowRef } from 'vue'
import { api, ifMatch } from '@/api/client'
import { useCall } from '@/api/use-call'
import type { Account, Role } from '@/api/types'

export interface NewGrant { role: string, area: string, unit?: string, head?: boolean }

/** Accounts and what they may do where. Changes of grants and passwords ask for one's own password again. */
export function useAccounts() {
  const accounts = shallowRef<Account[]>([])
  /** A link may lead to an account that the list does not show. */
  const elsewhere = shallowRef<Account | null>(null)
  const roles = shallowRef<Role[]>([])
  const next = ref<string | null>(null)
  const listing = useCall()
  const more = useCall()
  const doing = useCall()
  const one = useCall()
  let asked: { q?: string, role?: string } = {}

  async function load(query = asked) {
    asked = query
    const answer = await listing.run(() => api.GET('/api/accounts', { params: { query: { ...query, limit: 50 } } }))
    if (!answer)
      return
    accounts.value = answer.accounts
    next.value = answer.next
  }
  async function loadMore() {
    const answer = await more.run(() => api.GET('/api/accounts', { params: { query: { ...asked, limit: 50, cursor: next.value ?? undefined } } }))
    if (!answer)
      return
    accounts.value = [...accounts.value, ...answer.accounts]
    next.value = answer.next
  }
  /** One that stands beyond the list, by its id. */
  async function find(id: string) {
    elsewhere.value = await one.run(() => api.GET('/api/accounts/{id}', { params: { path: { id } } })) ?? null
  }
  const byId = (id: unknown) => accounts.value.find(account => account.id === id) ?? (elsewhere.value?.id === id ? elsewhere.value : null)
  async function loadRoles() {
    const { data } = await api.GET('/api/roles').catch(() => ({ data: undefined }))
    roles.value = data?.roles ?? []
  }
  /** Puts the newest state of an account into the list. */
  function put(account: Account | undefined | true) {
    if (!account || account === true)
      return account
    if (accounts.value.some(one => one.id === account.id))
      accounts.value = accounts.value.map(one => one.id === account.id ? account : one)
    else if (elsewhere.value?.id === account.id)
      elsewhere.value = account
    else
      accounts.value = [account, ...accounts.value]
    return account
  }
  const create = async (body: { login: string, name: string }) => put(await doing.run(() => api.POST('/api/accounts', { body })))
  async function change(id: string, body: { name?: string, enabled?: boolean }) {
    const version = byId(id)?.version ?? 0
    return put(await doing.run(() => api.PATCH('/api/accounts/{id}', { params: { path: { id }, header: ifMatch(version) }, body })))
  }
  const reset = (id: string) => doing.run(() => api.POST('/api/accounts/{id}/reset', { params: { path: { id } } }))
  const takeFactor = async (id: string) => put(await doing.run(() => api.DELETE('/api/accounts/{id}/factor', { params: { path: { id } } })))
  const grant = async (id: string, body: NewGrant) =>
    put(await doing.run(() => api.POST('/api/accounts/{id}/grants', { params: { path: { id } }, body })))
  async function revoke(account: Account, grantId: string) {
    const done = await doing.run(() => api.DELETE('/api/accounts/{id}/grants/{grant}', { params: { path: { id: account.id, grant: grantId } } }))
    if (done)
      put({ ...account, grants: account.grants.filter(one => one.id !== grantId) })
    return done
  }
  return { accounts, roles, next, busy: listing.busy, refusal: listing.refusal, moreRefusal: more.refusal, oneRefusal: one.refusal, doing: doing.busy, doRefusal: doing.refusal, clear: doing.clear, load, loadMore, find, byId, loadRoles, create, change, reset, takeFactor, grant, revoke }
}
