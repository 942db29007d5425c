// SPDX-License-Identifier: Apache-2.0
/** Who is signed in, for every page: a module-level ref behind a `use` function. */
import { computed, readonly, shallowRef } from 'vue'
import { api, setCsrf } from '@/api/client'
import { offline, toRefusal, type Refusal } from '@/api/refusal'
import type { Face, Grant, Me } from '@/api/types'

const me = shallowRef<Me | null>(null)
let asked: Promise<Me | null> | null = null

export function setMe(value: Me | null) {
  me.value = value
  setCsrf(value?.csrf ?? '')
  asked = value ? Promise.resolve(value) : null
}

/** The server does not answer, or cannot: who is signed in is not known. Shown by App until `retry` brings an answer. */
export const unreachable = shallowRef<{ refusal: Refusal, retry: () => void } | null>(null)

async function ask(): Promise<Me | null> {
  const { data, error, response } = await api.GET('/api/me').catch(() => ({ data: undefined, error: undefined, response: null }))
  if (data || response?.status === 401) {
    unreachable.value = null
    setMe(data ?? null)
    return data ?? null
  }
  await new Promise<void>(resolve => { unreachable.value = { refusal: response ? toRefusal(error, response.status) : offline, retry: resolve } })
  return ask()
}
/** Asks once. Only the server's 401 means that nobody is signed in. */
export function loadMe(): Promise<Me | null> {
  asked ??= ask()
  return asked
}

const order: Face[] = ['desk', 'field', 'board', 'admin', 'resident']
export const facePath: Record<Face, string> = { resident: '/', field: '/field', desk: '/desk', board: '/board', admin: '/admin' }

/** Where the web starts for these grants: the most work-like face first. */
export function startFace(grants: Grant[]): Face {
  return order.find(face => grants.some(grant => grant.face === face)) ?? 'resident'
}
/** Faces that a person may enter; staff of any kind may look at the board if they may read it. */
export function facesOf(person: Me): Face[] {
  const own = new Set(person.grants.map(grant => grant.face))
  if ((own.has('desk') || own.has('admin')))
    own.add('board')
  if (own.has('board'))
    own.add('desk')
  return order.filter(face => own.has(face))
}

export function useMe() {
  const grant = computed(() => {
    const grants = me.value?.grants ?? []
    const face = startFace(grants)
    return grants.find(one => one.face === face) ?? grants[0] ?? null
  })
  const faces = computed<Face[]>(() => me.value ? facesOf(me.value) : [])
  const has = (right: string) => me.value?.rights.includes(right) ?? false
  const may = (kind: string, what: 'create' | 'read' | 'export' | 'import' | 'change') => me.value?.kinds[kind]?.[what] ?? false
  return { me: readonly(me) as Readonly<typeof me>, grant, faces, has, may }
}
