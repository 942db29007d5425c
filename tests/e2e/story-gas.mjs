// SPDX-License-Identifier: Apache-2.0
// A smell of gas at night: urgent by its words, the duty officer is silent, so it goes up by itself within minutes; then it
// is acknowledged, handed over as an emergency, solved and looked back at.
import { api, assert, assertFits, fail, shot, startBrowser, startServer } from './lib.mjs'
import { act, as, choose, click, history, later, openFromInbox, phone, reason, refersTo, report, state, until } from './lib-story.mjs'

/** Minutes from now to half past eleven at night in China. */
function toNight() {
  const minute = Math.floor(Date.now() / 60_000 + 8 * 60) % (24 * 60)
  return (23 * 60 + 30 - minute + 24 * 60) % (24 * 60)
}
const night = toNight()
let server = await startServer(['--demo'])
const browser = await startBrowser()
const raised = async (login, number) => {
  const client = await api(server, login, 'linli-demo')
  const { body } = await client.call('GET', '/api/inbox?tab=raised&limit=200')
  return body.items.some(item => item.number === number)
}
const told = async (login, number) => {
  const client = await api(server, login, 'linli-demo')
  const { body } = await client.call('GET', '/api/notices?limit=200')
  return body.notices.some(notice => notice.number === number)
}

try {
  server = await later(server, night)
  let path = ''
  const number = await as(browser, server, 'mas-resident1', phone, async page => {
    const receipt = await report(page, 'gas_smell', '楼道里煤气味很浓，走近厨房更重')
    await click(page, 'to-request')
    await state(page, 'submitted')
    path = new URL(page.url()).pathname
    return receipt
  })
  const id = path.split('/').pop()
  const city = await api(server, 'mas-city', 'linli-demo')
  assert((await city.call('GET', `/api/records/request/${id}`)).body.urgent, 'its words make it urgent')

  server = await later(server, night + 2)
  await until('the duty officer is alerted', () => told('mas-duty', number))
  await until('the level above sees it', () => raised('mas-street', number))
  server = await later(server, night + 14)
  await until('the level above that sees it', () => raised('mas-county', number))
  server = await later(server, night + 26)
  await until('the county hears of the silence', () => told('mas-county', number))

  await as(browser, server, 'mas-duty', { phone: true }, async page => {
    await page.goto(`${server.url}/desk/r/request/${id}`)
    await state(page, 'submitted')
    await assertFits(page, 'urgent order on a phone')
    await shot(page, 'e2e-urgent-360')
    await act(page, 'acknowledge', reason('已联系燃气公司和消防'))
    await act(page, 'upgrade', async p => {
      await p.selectOption('[data-test="input-emergency_level"]', 'larger')
      await p.fill('[data-test="input-reason"]', '浓度超限，需疏散整单元')
    })
    await page.waitForSelector('[data-test="action-upgrade"]', { state: 'detached' })
  })
  const client = await api(server, 'mas-city', 'linli-demo')
  const order = await refersTo(client, 'emergency_handover', id)
  await as(browser, server, 'mas-duty', {}, async page => {
    await page.goto(`${server.url}/desk/r/emergency_handover/${order.id}`)
    await act(page, 'take_over')
    await state(page, 'taken_over')
    await act(page, 'conclude', p => p.fill('[data-test="input-summary"]', '关阀、通风、疏散 46 人，两小时后复检合格'))
    await state(page, 'closed')
  })
  await as(browser, server, 'mas-community1', {}, async page => {
    await openFromInbox(page, server, number)
    await act(page, 'accept', p => p.selectOption('[data-test="input-handling"]', 'immediate'))
    await act(page, 'assign', p => choose(p, 'lead_unit', '城市管理局'))
    await state(page, 'assigned')
  })
  await as(browser, server, 'mas-chengguan', {}, async page => {
    await openFromInbox(page, server, number)
    await act(page, 'resolve', async p => {
      await p.fill('[data-test="input-result"]', '老化软管已更换，复检合格')
      await p.fill('[data-test="input-evidence-word"]', '住户说没有气味了')
    })
    await state(page, 'resolved')
  })
  await as(browser, server, 'mas-duty', {}, async page => {
    await page.goto(`${server.url}/desk/r/request/${id}`)
    await act(page, 'debrief', p => p.fill('[data-test="input-after_action"]', '值班电话转接失败二十分钟，已改双人值守'))
    await page.waitForSelector('[data-test="action-debrief"]', { state: 'detached' })
    await shot(page, 'e2e-debrief-1366')
  })
  const entries = (await history(client, 'request', id)).map(entry => entry.action)
  for (const expected of ['acknowledge', 'upgrade', 'accept', 'resolve', 'debrief'])
    assert(entries.includes(expected), `history lacks ${expected}: ${entries}`)
  const { body } = await client.call('GET', `/api/records/request/${id}`)
  assert(body.clocks.find(clock => clock.name === 'acknowledge').breached_at, 'the silence stays on record')
  console.log('1 passed, 0 failed')
} catch (error) {
  await fail(browser, error)
} finally {
  await browser.close()
  await server.stop()
}
