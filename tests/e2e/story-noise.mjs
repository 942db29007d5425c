// SPDX-License-Identifier: Apache-2.0
// Noise that nobody wants to answer: called up and sent back twice, decided by the grid centre, late, supervised, circulated
// by itself, solved, rated.
import { api, assert, fail, shot, startBrowser, startServer } from './lib.mjs'
import { act, as, choose, click, givesAway, history, later, openFromInbox, phone, reason, refersTo, report, state, until, wait } from './lib-story.mjs'

const days = 24 * 60
let server = await startServer(['--demo'])
const browser = await startBrowser()

try {
  let path = ''
  const number = await as(browser, server, 'mas-resident1', phone, async page => {
    const receipt = await report(page, 'noise', '楼下酒吧每晚低音炮响到两点，门窗都在震')
    await click(page, 'to-request')
    await state(page, 'submitted')
    path = new URL(page.url()).pathname
    return receipt
  })
  const id = path.split('/').pop()
  const desk = `/desk/r/request/${id}`

  const call = (page, unit, words) => act(page, 'call', async p => {
    await choose(p, 'lead_unit', unit)
    await p.fill('[data-test="input-reason"]', words)
  })
  await as(browser, server, 'mas-community1', {}, async page => {
    await openFromInbox(page, server, number)
    await act(page, 'accept', p => p.selectOption('[data-test="input-handling"]', 'time_limited'))
    await state(page, 'accepted')
    await call(page, '城市管理局', '社区两次上门无效，请执法')
    await state(page, 'called')
  })
  await as(browser, server, 'mas-chengguan', givesAway, async page => {
    await openFromInbox(page, server, number)
    await act(page, 'return', reason('室内音响不属城管，请转住建或公安'))
  })
  await as(browser, server, 'mas-community1', {}, async page => {
    await openFromInbox(page, server, number)
    assert(!(await page.$('[data-test="action-refer"]')), 'one return is no dispute yet')
    await call(page, '住房和城乡建设局', '请核查楼板隔声')
    await state(page, 'called')
  })
  await as(browser, server, 'mas-zhujian', givesAway, async page => {
    await openFromInbox(page, server, number)
    await act(page, 'return', reason('不属工程质量问题'))
  })
  await as(browser, server, 'mas-community1', {}, async page => {
    await openFromInbox(page, server, number)
    await act(page, 'refer', reason('两个单位均退回，请裁定'))
    await state(page, 'arbitration')
  })
  await as(browser, server, 'mas-centre', {}, async page => {
    await page.goto(server.url + desk)
    await act(page, 'arbitrate', async p => {
      await choose(p, 'lead_unit', '城市管理局')
      await p.fill('[data-test="input-reason"]', '经营场所噪声由城管牵头')
    })
    await state(page, 'assigned')
    await shot(page, 'e2e-arbitrated-1366')
  })
  await as(browser, server, 'mas-chengguan', {}, async page => {
    await openFromInbox(page, server, number)
    assert(!(await page.$('[data-test="action-return"]')), 'what is decided is not sent back')
  })

  // Nothing happens for three weeks; the county supervises; again nothing happens.
  server = await later(server, 21 * days)
  await as(browser, server, 'mas-county', {}, async page => {
    await page.goto(`${server.url}/desk/supervision`)
    const row = page.locator(`[data-test="overdue"][data-number="${number}"]`)
    await wait(page, 'overdue')
    while (!(await row.count())) {
      await click(page, 'more')
      await page.waitForLoadState('networkidle')
    }
    await row.locator('[data-test="supervise"]').click()
    await page.fill('[data-test="input-reason"]', '已逾期，三个工作日内办结并反馈')
    await click(page, 'dialog-confirm')
    await page.waitForSelector('[data-test="dialog-confirm"]', { state: 'detached' })
    await wait(page, 'order')
    await shot(page, 'e2e-supervision-1366')
  })
  server = await later(server, 30 * days)
  let city = await api(server, 'mas-city', 'linli-demo')
  const order = await refersTo(city, 'supervision', id)
  const stage = async () => (await city.call('GET', `/api/records/supervision/${order.id}`)).body.state
  await until('it is urged by itself', async () => (await stage()) === 'urged')
  server = await later(server, 40 * days)  // the days of each stage begin with the stage
  city = await api(server, 'mas-city', 'linli-demo')
  await until('it is circulated by itself', async () => (await stage()) === 'circulated')
  await as(browser, server, 'mas-county', {}, async page => {
    await page.goto(`${server.url}/desk/r/supervision/${order.id}`)
    await state(page, 'circulated')
    await shot(page, 'e2e-circulated-1366')
  })
  await as(browser, server, 'mas-chengguan', {}, async page => {
    await openFromInbox(page, server, number)
    await act(page, 'resolve', async p => {
      await p.fill('[data-test="input-result"]', '低音炮已拆除，经营时间写入承诺书')
      await p.fill('[data-test="input-evidence-word"]', '居民说夜里安静了')
    })
    await state(page, 'resolved')
    await page.goto(`${server.url}/desk/r/supervision/${order.id}`)
    await act(page, 'answer', p => p.fill('[data-test="input-result"]', '已办结，居民确认'))
    await state(page, 'answered')
  })
  await as(browser, server, 'mas-resident1', { ...phone, path }, async page => {
    await state(page, 'resolved')
    await click(page, 'rate-4')
    await click(page, 'submit')
    await state(page, 'closed')
  })

  const entries = (await history(city, 'request', id)).map(entry => entry.action)
  assert(entries.filter(action => action === 'return').length === 2, `two returns: ${entries}`)
  for (const expected of ['refer', 'arbitrate', 'supervise', 'resolve', 'rate'])
    assert(entries.includes(expected), `history lacks ${expected}: ${entries}`)
  const { body } = await city.call('GET', `/api/records/request/${id}`)
  assert(body.clocks.find(clock => clock.name === 'resolve').breached_at, 'it was late, and stays so')
  const stages = (await history(city, 'supervision', order.id)).filter(entry => entry.state_before !== entry.state_after).map(entry => entry.state_after)
  assert(stages.join(' ').startsWith('reminded urged circulated answered'), `the track of its own: ${stages}`)
  console.log('1 passed, 0 failed')
} catch (error) {
  await fail(browser, error)
} finally {
  await browser.close()
  await server.stop()
}
