// SPDX-License-Identifier: Apache-2.0
// The first loop on a phone-sized page: a resident reports; nobody accepts in time, so it goes up by itself; the community
// takes it on and passes it to a department, which resolves it; the resident says that it is not solved, then rates it.
import { api, assert, assertFits, fail, openAs, shot, startBrowser, startServer } from './lib.mjs'
import { act, choose, click, done, openFromInbox, phone, report, state } from './lib-story.mjs'

const story = '楼下烧烤店夜里一点还在放音乐，孩子睡不着'
const server = await startServer(['--demo'])
const browser = await startBrowser()
let running = server

try {
  // The resident reports.
  let page = await openAs(browser, running, 'mas-resident1', phone)
  await assertFits(page, 'home')
  await shot(page, 'e2e-home-360')
  const number = await report(page, 'noise', story)
  await click(page, 'to-request')
  await state(page, 'submitted')
  const requestPath = new URL(page.url()).pathname
  await done(page, 'resident reports')

  // A grid worker on patrol finds something too, and accepts it.
  page = await openAs(browser, running, 'mas-grid1', phone)
  const found = await report(page, 'noise', '巡查发现楼道堆放杂物')
  await click(page, 'to-request')
  await act(page, 'accept', async p => p.selectOption('[data-test="input-handling"]', 'immediate'))
  await state(page, 'accepted')
  assert(found !== number, 'two reports, two numbers')
  await done(page, 'grid worker')

  // Nobody at the community accepts. Twelve days later the server, started again, has sent it up by itself.
  await running.halt()
  running = await startServer(['--demo', '--ahead', '12 days'], server.data)
  page = await openAs(browser, running, 'mas-street')
  await openFromInbox(page, running, number, 'raised')
  await state(page, 'submitted')
  await shot(page, 'e2e-raised-1366')
  await done(page, 'subdistrict sees what was raised')

  // The community accepts and passes it to a department.
  page = await openAs(browser, running, 'mas-community1')
  await openFromInbox(page, running, number, 'mine')
  await act(page, 'accept', async p => p.selectOption('[data-test="input-handling"]', 'time_limited'))
  await state(page, 'accepted')
  await act(page, 'assign', async p => choose(p, 'lead_unit', '城市管理局'))
  await state(page, 'assigned')
  await shot(page, 'e2e-desk-1366')
  await done(page, 'community')

  // The department resolves it.
  page = await openAs(browser, running, 'mas-chengguan')
  await openFromInbox(page, running, number, 'mine')
  await act(page, 'resolve', async p => {
    await p.fill('[data-test="input-result"]', '店家已签承诺书，二十二点后不再使用音响')
    await p.fill('[data-test="input-evidence-word"]', '居民电话里说安静了')
  })
  await state(page, 'resolved')
  await done(page, 'department')

  // The resident says that it is not solved; the community resolves it; the resident rates it.
  page = await openAs(browser, running, 'mas-resident1', { ...phone, path: requestPath })
  await state(page, 'resolved')
  await assertFits(page, 'my request')
  await shot(page, 'e2e-request-360')
  await click(page, 'reopen')
  await page.fill('[data-test="input-reason"]', '昨天夜里又响到一点')
  await click(page, 'dialog-confirm')
  await state(page, 'accepted')
  const desk = await openAs(browser, running, 'mas-community1')
  await openFromInbox(desk, running, number, 'mine')
  await act(desk, 'resolve', async p => {
    await p.fill('[data-test="input-result"]', '与城管、民警联合上门，音响已拆除')
    await p.fill('[data-test="input-evidence-word"]', '居民当面确认')
  })
  await state(desk, 'resolved')
  await done(desk, 'community resolves')
  await state(page, 'resolved')  // by itself, through the event stream
  await click(page, 'rate-5')
  await click(page, 'submit')
  await state(page, 'closed')
  await shot(page, 'e2e-closed-360')
  await done(page, 'resident rates')

  // The county and the city see it on the board; the history tells all of it.
  page = await openAs(browser, running, 'mas-county', { path: '/board' })
  await page.waitForLoadState('networkidle')
  await shot(page, 'e2e-board-1366')
  await done(page, 'board')
  const city = await api(running, 'mas-city', 'linli-demo')
  const id = requestPath.split('/').pop()
  const { body } = await city.call('GET', `/api/records/request/${id}/history`)
  const actions = body.entries.map(entry => entry.action)
  for (const expected of ['create', 'accept', 'assign', 'resolve', 'reopen', 'rate'])
    assert(actions.includes(expected), `history lacks ${expected}: ${actions}`)
  assert(body.entries.some(entry => entry.system), `history does not tell of the escalation: ${actions}`)
  console.log('1 passed, 0 failed')
} catch (error) {
  await fail(browser, error)
} finally {
  await browser.close()
  await running.stop()
}
