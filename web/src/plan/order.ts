// SPDX-License-Identifier: Apache-2.0
/** In order of what `of` says of each; what has none comes last either way. */
export function inOrder<T>(all: readonly T[], of: (one: T) => number | string | null, down: boolean): T[] {
  return [...all].sort((a, b) => {
    const x = of(a), y = of(b)
    if (x === null || y === null)
      return x === y ? 0 : x === null ? 1 : -1
    return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1)
  })
}
