// SPDX-License-Identifier: Apache-2.0
/** QR codes (ISO/IEC 18004) of bytes at level L in versions 1 to 9, whose blocks are all of one length: 230 bytes at most. */

const dataBytes = [19, 34, 55, 80, 108, 136, 156, 194, 232]
const checkBytes = [7, 10, 15, 20, 26, 18, 20, 24, 30]
const alignment = [[], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46]]

// The field of 256 elements with x^8 + x^4 + x^3 + x^2 + 1.
const power: number[] = []
const logarithm: number[] = []
for (let i = 0, value = 1; i < 255; i++) {
  power[i] = value
  logarithm[value] = i
  value = value << 1 ^ (value & 128 ? 0x11d : 0)
}
const times = (a: number, b: number) => a && b ? power[(logarithm[a]! + logarithm[b]!) % 255]! : 0

/** The check bytes of Reed and Solomon for a block. */
function checked(block: number[], count: number): number[] {
  let divisor = [1]
  for (let i = 0; i < count; i++)
    divisor = [...divisor, 0].map((one, at) => one ^ (at ? times(divisor[at - 1]!, power[i]!) : 0))
  const rest = [...block, ...Array<number>(count).fill(0)]
  for (let i = 0; i < block.length; i++) {
    const factor = rest[i]!
    divisor.forEach((one, at) => { rest[i + at]! ^= times(one, factor) })
  }
  return rest.slice(block.length)
}

/** Length, text and filling, in blocks with their check bytes, interleaved. */
function codewords(bytes: Uint8Array, version: number): number[] {
  const size = dataBytes[version - 1]!
  const bits = [4, ...[bytes.length, ...bytes].flatMap(byte => [byte >> 4, byte & 15]), 0]  // byte mode, in halves
  const data: number[] = []
  for (let i = 0; i + 1 < bits.length; i += 2)
    data.push(bits[i]! << 4 | bits[i + 1]!)
  for (let fill = 0xec; data.length < size; fill ^= 0xec ^ 0x11)
    data.push(fill)
  const count = version < 6 ? 1 : 2
  const length = size / count
  const blocks = Array.from({ length: count }, (_, i) => data.slice(i * length, (i + 1) * length))
  const checks = blocks.map(block => checked(block, checkBytes[version - 1]!))
  const woven = (all: number[][]) => all[0]!.flatMap((_, i) => all.map(one => one[i]!))
  return [...woven(blocks), ...woven(checks)]
}

/** `value` followed by the rest of its division, as format and version are protected. */
function protectedBits(value: number, divisor: number, extra: number): number {
  const top = 31 - Math.clz32(divisor)
  let rest = value << extra
  for (let bit = 31 - Math.clz32(rest); bit >= top; bit = 31 - Math.clz32(rest))
    rest ^= divisor << (bit - top)
  return value << extra | rest
}

class Picture {
  readonly side: number
  readonly dark: boolean[][]
  readonly fixed: boolean[][]
  constructor(readonly version: number) {
    this.side = 17 + 4 * version
    this.dark = Array.from({ length: this.side }, () => Array<boolean>(this.side).fill(false))
    this.fixed = this.dark.map(row => [...row])
    for (let i = 0; i < this.side; i++) {
      this.set(6, i, i % 2 === 0)
      this.set(i, 6, i % 2 === 0)
    }
    for (const [x, y] of [[3, 3], [this.side - 4, 3], [3, this.side - 4]] as const)
      this.rings(x, y, 4, [2, 4])
    const places = alignment[version - 1]!
    const last = places[places.length - 1]
    for (const x of places)
      for (const y of places)
        if (!(x === 6 && (y === 6 || y === last) || x === last && y === 6))
          this.rings(x, y, 2, [1])
    this.words()
  }
  private set(x: number, y: number, dark: boolean) {
    if (x < 0 || y < 0 || x >= this.side || y >= this.side)
      return
    this.dark[y]![x] = dark
    this.fixed[y]![x] = true
  }
  private rings(x: number, y: number, reach: number, light: number[]) {
    for (let dx = -reach; dx <= reach; dx++)
      for (let dy = -reach; dy <= reach; dy++)
        this.set(x + dx, y + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))))
  }
  /** Level L and mask 0 twice, and the version from 7 on. */
  private words() {
    const format = protectedBits(0b01000, 0x537, 10) ^ 0x5412
    const bit = (i: number) => (format >> i & 1) === 1
    const n = this.side
    for (let i = 0; i < 15; i++) {
      const at = i < 6 ? i : i < 8 ? i + 1 : n - 15 + i
      this.set(8, at, bit(i))
      this.set(i < 8 ? n - 1 - i : i === 8 ? 7 : 14 - i, 8, bit(i))
    }
    this.set(8, n - 8, true)
    const number = protectedBits(this.version, 0x1f25, 12)
    for (let i = 0; this.version >= 7 && i < 18; i++) {
      this.set(n - 11 + i % 3, Math.floor(i / 3), (number >> i & 1) === 1)
      this.set(Math.floor(i / 3), n - 11 + i % 3, (number >> i & 1) === 1)
    }
  }
  /** Two columns at a time, up and down, from the lower right corner; every other square is turned over. */
  fill(bytes: number[]) {
    let i = 0
    for (let right = this.side - 1, up = true; right > 0; right -= right === 8 ? 3 : 2, up = !up)
      for (let step = 0; step < this.side; step++)
        for (const x of [right, right - 1]) {
          const y = up ? this.side - 1 - step : step
          if (this.fixed[y]![x])
            continue
          const bit = (bytes[i >> 3] ?? 0) >> (7 - (i & 7)) & 1
          this.dark[y]![x] = (bit === 1) !== ((x + y) % 2 === 0)
          i++
        }
  }
}

/** Rows of dark squares, without the quiet border. Throws RangeError if the text is too long. */
export function qrCode(text: string): boolean[][] {
  const bytes = new TextEncoder().encode(text)
  const version = dataBytes.findIndex(size => size >= bytes.length + 2) + 1
  if (!version)
    throw new RangeError('the text is too long for a picture')
  const picture = new Picture(version)
  picture.fill(codewords(bytes, version))
  return picture.dark
}
