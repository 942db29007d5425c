// SPDX-License-Identifier: Apache-2.0
/**
 * The next free code below a parent: grids have the community's 12 digits and three of their own; compounds and
 * buildings, which the state does not number, a letter and a number.
 */
export function nextCode(parent: string, level: string, taken: string[]): string {
  const mark = level === 'grid' ? '' : level === 'compound' ? 'C' : 'B'
  const numbers = taken.filter(code => code.startsWith(parent + mark)).map(code => Number(code.slice(parent.length + mark.length))).filter(Number.isInteger)
  const next = Math.max(0, ...numbers) + 1
  return parent + mark + (level === 'grid' ? String(next).padStart(3, '0') : String(next))
}
