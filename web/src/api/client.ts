// SPDX-License-Identifier: Apache-2.0
/** The one typed client. Unsafe methods carry the anti-forgery word of the session and a key that makes a repeat harmless. */
import createClient from 'openapi-fetch'
import type { Paths } from './paths'

let csrf = ''
export function setCsrf(word: string) {
  csrf = word
}

export function newKey(): string {
  return globalThis.crypto?.randomUUID?.() ?? `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`
}

const unsafe = new Set(['POST', 'PATCH', 'PUT', 'DELETE'])

/** Headers of an unsafe call made outside the typed client (uploads). */
export function proof(): Record<string, string> {
  return { 'X-CSRF': csrf, 'Idempotency-Key': newKey() }
}

export const api = createClient<Paths>({ baseUrl: globalThis.location?.origin ?? 'http://localhost', fetch: request => globalThis.fetch(request) })

api.use({
  onRequest({ request }) {
    if (!unsafe.has(request.method))
      return
    if (csrf)
      request.headers.set('X-CSRF', csrf)
    if (request.method === 'POST' && !request.headers.has('Idempotency-Key'))
      request.headers.set('Idempotency-Key', newKey())
  },
})

export const ifMatch = (version: number) => ({ 'If-Match': `"${version}"` })
export const withKey = (key: string) => ({ 'Idempotency-Key': key })
