// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { lanes, layout } from './flow-layout'

const states = ['submitted', 'accepted', 'assigned', 'resolved', 'closed'].map(name => ({ name, final: name === 'closed' }))

describe('lanes', () => {
  it('steps that overlap do not share one; apart ones do; the shorter lies inside', () => {
    expect(lanes([{ a: 0, b: 3 }, { a: 1, b: 2 }])).toEqual([1, 0])
    expect(lanes([{ a: 0, b: 1 }, { a: 2, b: 3 }])).toEqual([0, 0])
  })
})

describe('a state chart', () => {
  const chart = layout(states, [
    { name: 'accept', from: ['submitted'], to: 'accepted' }, { name: 'assign', from: ['accepted', 'assigned'], to: 'assigned' },
    { name: 'return', from: ['assigned'], to: 'accepted' }, { name: 'resolve', from: ['accepted', 'assigned'], to: 'resolved' },
    { name: 'reopen', from: ['resolved', 'closed'], to: 'accepted' }, { name: 'rate', from: ['resolved'], to: 'closed' },
    { name: 'close', from: ['resolved'], to: 'closed' }, { name: 'ghost', from: ['nowhere'], to: 'closed' },
  ])
  it('draws every state once, from top to bottom', () => {
    expect(chart.nodes.map(node => node.name)).toEqual(states.map(state => state.name))
    expect(chart.nodes.every((node, i) => i === 0 || node.y > chart.nodes[i - 1]!.y)).toBe(true)
  })
  it('joins steps between the same states and leaves out what leads nowhere', () => {
    expect(chart.edges.find(edge => edge.from === 'resolved' && edge.to === 'closed')?.steps).toEqual(['rate', 'close'])
    expect(chart.edges.flatMap(edge => edge.steps)).not.toContain('ghost')
  })
  it('puts steps back on the left, skips on the right, the rest in the middle', () => {
    const side = (from: string, to: string) => chart.edges.find(edge => edge.from === from && edge.to === to)?.side
    expect([side('assigned', 'accepted'), side('accepted', 'resolved'), side('submitted', 'accepted'), side('assigned', 'assigned')]).toEqual(['left', 'right', 'middle', 'self'])
  })
  it('gives steps of one name to one state a common lane and one label', () => {
    const reopen = chart.edges.filter(edge => edge.steps.includes('reopen'))
    expect(new Set(reopen.map(edge => edge.labelX)).size).toBe(1)
    expect(reopen.filter(edge => edge.named)).toHaveLength(1)
  })
  it('keeps everything inside its frame', () => {
    for (const edge of chart.edges) {
      expect(edge.labelX).toBeGreaterThan(0)
      expect(edge.labelX).toBeLessThan(chart.width)
      expect(edge.labelY).toBeLessThan(chart.height)
    }
  })
})
