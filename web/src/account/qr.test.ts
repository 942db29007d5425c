// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { qrCode } from './qr'

/** Reads a code of one block as a scanner does: format, squares in order, mode, length, bytes. */
function read(code: boolean[][]): string {
  const n = code.length
  const version = (n - 17) / 4
  const fixed = (x: number, y: number) => x === 6 || y === 6 || (x < 9 && y < 9) || (x < 9 && y > n - 9) || (x > n - 9 && y < 9)
    || (version > 1 && Math.abs(x - (n - 7)) < 3 && Math.abs(y - (n - 7)) < 3)
  const bits: number[] = []
  let x = n - 1
  let y = n - 1
  let step = -1
  while (x > 0) {
    for (const column of [x, x - 1])
      if (!fixed(column, y))
        bits.push(code[y]![column]! !== ((column + y) % 2 === 0) ? 1 : 0)
    y += step
    if (y < 0 || y >= n) {
      y -= step
      step = -step
      x -= x === 8 ? 3 : 2
    }
  }
  const number = (from: number, count: number) => bits.slice(from, from + count).reduce((sum, bit) => sum * 2 + bit, 0)
  expect(number(0, 4)).toBe(4)
  return new TextDecoder().decode(Uint8Array.from({ length: number(4, 8) }, (_, i) => number(12 + 8 * i, 8)))
}
const row = (code: boolean[][], y: number, from: number, to: number) => code[y]!.slice(from, to).map(dark => dark ? '#' : '.').join('')

describe('a QR code', () => {
  it('says what it was made of', () => {
    for (const text of ['a', '邻里', 'otpauth://totp/linli:a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=linli'])
      expect(read(qrCode(text))).toBe(text)
  })
  it('grows with its text, to nine at most', () => {
    expect([17, 18, 32, 106, 107, 134, 230].map(length => (qrCode('x'.repeat(length)).length - 17) / 4)).toEqual([1, 2, 2, 5, 6, 6, 9])
    expect(() => qrCode('x'.repeat(231))).toThrow(RangeError)
  })
  it('has its corners, its timing and the format of level L with mask 0', () => {
    const code = qrCode('a')
    expect([0, 1, 2, 6, 7].map(y => row(code, y, 0, 8))).toEqual(['#######.', '#.....#.', '#.###.#.', '#######.', '........'])
    expect(row(code, 6, 8, 13)).toBe('#.#.#')
    // 111011111000100 of ISO/IEC 18004, table C.1, from the upper left along row 8
    expect(row(code, 8, 0, 6) + row(code, 8, 7, 9)).toBe('###.####')
    expect(row(code, 8, 13, 21)).toBe('##...#..')
  })
})
