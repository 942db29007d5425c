// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it, vi } from 'vitest'
import { usePlan } from './use-plan'

afterEach(() => vi.unstubAllGlobals())

const asked = { plan: 'town-145', area: '7', period: '2025', indicator: '', table: false }
const answer = (value: number | null, area = '7') => ({ plan: { id: 'town-145' }, area: { id: area }, period: '2025', indicators: [{ indicator: 'coverage', value }, { indicator: 'kiosks', value: 1 }] })

function serving(...answers: (object | number)[]) {
  const urls: string[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    urls.push(request.url.replace(/^https?:\/\/[^/]+/, ''))
    const next = answers[urls.length - 1]!
    return typeof next === 'number' ? Response.json({ status: next, code: 'busy' }, { status: next }) : Response.json(next)
  })
  return urls
}

describe('a plan', () => {
  it('is asked as tiles, as a table or for one indicator', async () => {
    const urls = serving(answer(1), { rows: [] }, { figure: {} })
    const { load } = usePlan()
    await load(asked)
    await load({ ...asked, table: true })
    await load({ ...asked, indicator: 'coverage' })
    expect(urls).toEqual(['/api/plans/town-145?area=7&period=2025', '/api/plans/town-145/areas?area=7&period=2025', '/api/plans/town-145/indicators/coverage?area=7&period=2025'])
  })
  it('says which figures have moved, and not on another area', async () => {
    serving(answer(1), answer(2), answer(3, '8'))
    const { load, moved } = usePlan()
    await load(asked)
    expect([...moved.value]).toEqual([])
    await load()
    expect([...moved.value]).toEqual(['coverage'])
    await load({ ...asked, area: '8' })
    expect([...moved.value]).toEqual([])
  })
  it('keeps what it shows if it cannot be renewed, and shows nothing of what was refused', async () => {
    serving(answer(1), 503, 404)
    const { load, answer: shown, refusal } = usePlan()
    await load(asked)
    await load()
    expect(shown.value?.indicators).toHaveLength(2)
    await load({ ...asked, area: '9' })
    expect(refusal.value?.code).toBe('busy')
    expect(shown.value).toBeNull()
  })
})
