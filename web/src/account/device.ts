// SPDX-License-Identifier: Apache-2.0
/** "Chrome · Windows" out of what a browser says of itself. */
export function device(agent: string): string {
  const find = (words: string[]) => words.find(word => agent.includes(word)) ?? ''
  return [find(['MicroMessenger', 'Edg', 'Firefox', 'Chrome', 'Safari']), find(['Windows', 'Android', 'iPhone', 'iPad', 'Mac OS', 'Linux'])].filter(Boolean).join(' · ') || agent.slice(0, 40)
}
