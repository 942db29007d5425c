// SPDX-License-Identifier: Apache-2.0
/** Calls `what` once, `ms` after the last call. */
export function debounce<A extends unknown[]>(what: (...args: A) => unknown, ms: number): (...args: A) => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  return (...args) => {
    clearTimeout(timer)
    timer = setTimeout(() => what(...args), ms)
  }
}
