// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { LedgerTask } from '@/api/ledger-types'
import { chaptersOf, countLights, distinct, narrowed, progressOf, useLedger } from './use-ledger'
import { useLedgerImport } from './use-ledger-import'

const task = (no: string, more: Partial<LedgerTask>) => ({ task_no: no, chapter: '一', section: '', unit: '', lead_name: '民政局', state: 'open', light: 'on_track', progress: 0, measured: null, ...more }) as LedgerTask
const tasks = [task('1', {}), task('2', { light: 'late', section: '（一）' }), task('3', { chapter: '二', unit: '洛江区教育局', lead_name: '区教育局' }), task('4', { light: 'late', state: 'returned' })]
const numbers = (all: LedgerTask[]) => all.map(one => one.task_no).join()
afterEach(() => vi.unstubAllGlobals())

describe('a ledger', () => {
  it('is narrowed by light, chapter, lead unit and state together', () => {
    expect(numbers(narrowed(tasks, {}))).toBe('1,2,3,4')
    expect(numbers(narrowed(tasks, { light: 'late' }))).toBe('2,4')
    expect(numbers(narrowed(tasks, { light: 'late', state: 'returned' }))).toBe('4')
    expect(numbers(narrowed(tasks, { lead: '洛江区教育局' }))).toBe('3')
    expect(numbers(narrowed(tasks, { chapter: '二', light: 'late' }))).toBe('')
  })
  it('counts its lights', () => {
    expect(countLights(tasks)).toEqual({ late: 2, behind: 0, on_track: 2, done: 0 })
  })
  it('keeps chapters and sections in the order of the table', () => {
    expect(chaptersOf(tasks).map(one => [one.name, one.sections.map(section => `${section.name}:${numbers(section.tasks)}`)]))
      .toEqual([['一', [':1,4', '（一）:2']], ['二', [':3']]])
    expect(distinct(['b', '', 'a', 'b'])).toEqual(['b', 'a'])
  })
  it('trusts a measure more than a report', () => {
    expect(progressOf(task('1', { progress: 90 }))).toBe(90)
    expect(progressOf(task('1', { progress: 90, measured: 0 }))).toBe(0)
  })
  it('stays on the page when a later question fails', async () => {
    let asked = 0
    vi.stubGlobal('fetch', async () => ++asked === 1 ? Response.json({ plan: { id: 'p' }, tasks }) : Response.json({ status: 503, code: 'busy' }, { status: 503 }))
    const { ledger, refusal, load } = useLedger()
    await load('p', '1')
    await load('p', '1')
    expect(refusal.value?.code).toBe('busy')
    expect(ledger.value?.tasks.length).toBe(4)
  })
})

describe('a table on its way in', () => {
  it('is read first, then taken in whole; who is unknown is told with how many tasks', async () => {
    const asked: string[] = []
    vi.stubGlobal('fetch', async (url: string) => {
      asked.push(url)
      return Response.json({ columns: [], remarks: [], problems: [], imported: url.includes('import') ? 2 : 0, tasks: [{ unknown: ['甲', '乙'] }, { unknown: ['乙'] }] })
    })
    const { look, take, strangers } = useLedgerImport('p', '7')
    expect(await take()).toBe(0)
    await look(new File(['x'], 'x.docx'))
    expect(strangers.value).toEqual([{ name: '乙', tasks: 2 }, { name: '甲', tasks: 1 }])
    expect(await take()).toBe(2)
    expect(asked).toEqual(['/api/ledgers/p/preview?area=7', '/api/ledgers/p/import?area=7'])
  })
})
