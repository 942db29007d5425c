// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { parseMetrics } from './metrics'

it('reads samples with and without labels, and leaves comments out', () => {
  expect(parseMetrics('# HELP x y\nlinli_up 1\nlinli_requests_total{route="/api/me",status="200"} 12\n\nbroken')).toEqual([
    { name: 'linli_up', labels: {}, value: 1 },
    { name: 'linli_requests_total', labels: { route: '/api/me', status: '200' }, value: 12 },
  ])
})
