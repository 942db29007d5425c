// SPDX-License-Identifier: Apache-2.0
import { ref, shallowRef } from 'vue'
import { offline, toRefusal, type Refusal } from './refusal'

interface Outcome<T> { data?: T, error?: unknown, response: Response }

/** What the shell does when a call needs more than the page can give. */
interface Helpers {
  /** Asks for the password again; true if it was given and right. */
  stepUp: () => Promise<boolean>
  signedOut: () => void
}
let helpers: Helpers = { stepUp: async () => false, signedOut: () => {} }
export function setHelpers(given: Helpers) {
  helpers = given
}

async function once<T>(call: () => Promise<Outcome<T>>): Promise<{ data?: T, refusal?: Refusal }> {
  try {
    const { data, error, response } = await call()
    if (response.ok)
      return { data: (data ?? true) as T }
    return { refusal: toRefusal(error, response.status) }
  }
  catch {
    return { refusal: offline }
  }
}

/**
 * One thing at a time that is asked of the server: busy while it runs, the refusal if it said no.
 * When calls overlap (typing in a filter), only the last one counts. An empty answer gives `true`.
 */
export function useCall() {
  const busy = ref(false)
  const refusal = shallowRef<Refusal | null>(null)
  let latest = 0

  async function run<T>(call: () => Promise<Outcome<T>>): Promise<T | undefined> {
    const turn = ++latest
    busy.value = true
    let result = await once(call)
    if (result.refusal?.code === 'step_up_needed' && await helpers.stepUp())
      result = await once(call)
    if (turn !== latest)
      return undefined
    busy.value = false
    refusal.value = result.refusal ?? null
    if (result.refusal?.code === 'not_signed_in')
      helpers.signedOut()
    return result.data
  }
  function clear() {
    refusal.value = null
  }
  return { busy, refusal, run, clear }
}
