// SPDX-License-Identifier: Apache-2.0
/** Who is signed in, for every page: a module-level ref behind a `use` function. */
import { computed, readonly, shallowRef } from 'vue'
import { api, setCsrf } from '@/api/client'
import type { Face, Grant, Me } from '@/api/types'

const me = shallowRef<Me | null>(null)
let asked: Promise<Me | null> | null = null

export function setMe(value: Me | null) {
  me.value = value
  setCsrf(value?.csrf ?? '')
  asked = value ? Promise.resolve(value) : null
}

/** Asks once; throws nothing: a server that does not answer is like nobody signed in. */
export function loadMe(): Promise<Me | null> {
  asked ??= api.GET('/api/me').then(({ data }) => {
    setMe(data ?? null)
    return data ?? null
  }).catch(() => {
    asked = null
    return null
  })
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
