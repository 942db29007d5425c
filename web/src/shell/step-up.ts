// SPDX-License-Identifier: Apache-2.0
/** Asks for the password once more before something sensitive; the dialog is mounted once, in App. */
import { shallowRef } from 'vue'

interface Question { answer: (given: boolean) => void }
export const question = shallowRef<Question | null>(null)
let pending: Promise<boolean> | null = null

export function askPassword(): Promise<boolean> {
  pending ??= new Promise<boolean>(resolve => {
    question.value = {
      answer(given) {
        question.value = null
        pending = null
        resolve(given)
      },
    }
  })
  return pending
}
