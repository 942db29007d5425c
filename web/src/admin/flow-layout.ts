// SPDX-License-Identifier: Apache-2.0
/**
 * A small layout for state charts: states stand in one column in the order of the flow; steps to the next state are
 * straight, steps that skip ahead run on the right, steps back on the left. Steps that would cross share no lane.
 */
export interface FlowState { name: string, final?: boolean }
export interface FlowStep { name: string, from: string[], to: string }
export interface Node { name: string, final: boolean, x: number, y: number, width: number, height: number }
export interface Edge { from: string, to: string, steps: string[], path: string, labelX: number, labelY: number, side: 'middle' | 'left' | 'right' | 'self', named: boolean }
export interface Chart { nodes: Node[], edges: Edge[], width: number, height: number }

export const size = { width: 168, height: 44, gap: 84, lane: 92, margin: 16, port: 9, corner: 10 }

interface Span { from: string, to: string, steps: string[], a: number, b: number }
/** Spans with the same steps to the same state on the same side share one lane. */
interface Bundle { spans: Span[], a: number, b: number }

function spans(states: FlowState[], steps: FlowStep[]): Span[] {
  const order = new Map(states.map((state, i) => [state.name, i]))
  const found = new Map<string, Span>()
  for (const step of steps)
    for (const from of step.from) {
      const a = order.get(from)
      const b = order.get(step.to)
      if (a === undefined || b === undefined)
        continue
      const key = `${from}>${step.to}`
      const span = found.get(key) ?? { from, to: step.to, steps: [], a, b }
      span.steps.push(step.name)
      found.set(key, span)
    }
  return [...found.values()]
}

function bundles(list: Span[]): Bundle[] {
  const found = new Map<string, Bundle>()
  for (const span of list) {
    const key = `${span.to} ${span.steps.join()}`
    const bundle = found.get(key) ?? { spans: [], a: span.a, b: span.b }
    bundle.spans.push(span)
    bundle.a = Math.abs(span.a - span.b) > Math.abs(bundle.a - bundle.b) ? span.a : bundle.a
    found.set(key, bundle)
  }
  return [...found.values()]
}

/** The first lane in which a span does not meet another; short spans first, so that they lie inside. */
export function lanes(list: { a: number, b: number }[]): number[] {
  const taken: [number, number][][] = []
  const result = new Array<number>(list.length).fill(0)
  const byLength = list.map((_span, i) => i).sort((i, j) => Math.abs(list[i]!.a - list[i]!.b) - Math.abs(list[j]!.a - list[j]!.b))
  for (const i of byLength) {
    const low = Math.min(list[i]!.a, list[i]!.b)
    const high = Math.max(list[i]!.a, list[i]!.b)
    let lane = 0
    while (taken[lane]?.some(([from, to]) => low <= to && from <= high))
      lane++
    ;(taken[lane] ??= []).push([low, high])
    result[i] = lane
  }
  return result
}

export function layout(states: FlowState[], steps: FlowStep[]): Chart {
  const all = spans(states, steps)
  const left = bundles(all.filter(span => span.b < span.a))
  const right = bundles(all.filter(span => span.b > span.a + 1))
  const leftLanes = lanes(left)
  const rightLanes = lanes(right)
  const wide = (given: number[]) => given.length ? (Math.max(...given) + 1) * size.lane : 0
  const x = size.margin + wide(leftLanes)
  const top = (i: number) => size.margin + i * (size.height + size.gap)
  const nodes = states.map((state, i) => ({ name: state.name, final: state.final === true, x, y: top(i), width: size.width, height: size.height }))
  const ports = new Map<string, number>()
  /** Next free place on a side of a state, alternating around its middle. */
  const port = (i: number, side: string) => {
    const n = ports.get(`${i}${side}`) ?? 0
    ports.set(`${i}${side}`, n + 1)
    const step = Math.ceil(n / 2) * (n % 2 ? 1 : -1)
    return top(i) + size.height / 2 + Math.max(-16, Math.min(16, step * size.port))
  }
  const around = (bundle: Bundle, lane: number, side: 'left' | 'right'): Edge[] => {
    const sign = side === 'right' ? 1 : -1
    const edge = side === 'right' ? x + size.width : x
    const far = edge + sign * ((lane + 0.5) * size.lane)
    const y2 = port(bundle.b, side)
    const near = bundle.spans.reduce((best, span) => Math.abs(span.a - span.b) < Math.abs(best.a - best.b) ? span : best)
    return bundle.spans.map((span): Edge => {
      const y1 = port(span.a, side)
      const [down, c] = [Math.sign(y2 - y1), size.corner]
      const path = `M${edge} ${y1}H${far - sign * c}Q${far} ${y1} ${far} ${y1 + down * c}V${y2 - down * c}Q${far} ${y2} ${far - sign * c} ${y2}H${edge + sign * 2}`
      return { from: span.from, to: span.to, steps: span.steps, path, labelX: far, labelY: (y1 + y2) / 2, side, named: span === near }
    })
  }
  const middle = x + size.width / 2
  const straight = all.filter(span => span.b === span.a + 1).map((span): Edge => {
    const [y1, y2] = [top(span.a) + size.height, top(span.b)]
    return { from: span.from, to: span.to, steps: span.steps, path: `M${middle} ${y1}V${y2 - 2}`, labelX: middle, labelY: (y1 + y2) / 2, side: 'middle', named: true }
  })
  const selves = all.filter(span => span.a === span.b).map((span): Edge => {
    const [edge, y] = [x + size.width, top(span.a)]
    return { from: span.from, to: span.to, steps: span.steps, path: `M${edge - 28} ${y}v-10q0 -8 8 -8h34q8 0 8 8v24q0 8 -8 8h-12`, labelX: edge + 22, labelY: y - 30, side: 'self', named: true }
  })
  const edges = [...straight, ...selves, ...left.flatMap((bundle, i) => around(bundle, leftLanes[i]!, 'left')), ...right.flatMap((bundle, i) => around(bundle, rightLanes[i]!, 'right'))]
  return { nodes, edges, width: x + size.width + Math.max(wide(rightLanes), selves.length ? 90 : 0) + size.margin, height: top(states.length - 1) + size.height + size.margin }
}
