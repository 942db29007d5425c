// SPDX-License-Identifier: Apache-2.0
// A neighbour has reported the lamp already: the resident sees it while writing, says "me too", and finds it below the
// own requests with what happened since; nothing overflows on a phone.
import { api, assert, assertFits, fail, openAs, shot, startBrowser, startServer } from './lib.mjs'

const server = await startServer(['--demo'])
const browser = await startBrowser()
const wait = (page, test) => page.waitForSelector(`[data-test="${test}"]`)

try {
  const desk = await api(server, 'mas-community1', 'linli-demo')
  const resident = await api(server, 'mas-resident1', 'linli-demo')
  const area = resident.me.grants[0].area.id
  assert(desk.me.grants[0].area.id === area, 'the resident lives in the community of the desk')
  const secret = '王家门口的路灯坏了'
  const filed = await desk.call('POST', '/api/records/request', { area, fields: { category: 'street_light', description: secret } })
  assert(filed.status === 201, JSON.stringify(filed.body))

  const page = await openAs(browser, server, 'mas-resident1', { phone: true, path: '/report' })
  await page.check('[data-test="category-street_light"]', { force: true })
  if (!(await page.$('[data-test="description"]'))) await page.click('[data-test="next"]')
  await page.fill('[data-test="description"]', '路灯不亮')
  await wait(page, 'duplicates')
  await assertFits(page, 'hints')
  await page.locator('[data-test="me-too"]').first().scrollIntoViewIfNeeded()
  await shot(page, 'e2e-duplicates-360')
  assert(!(await page.content()).includes(secret), 'a hint holds the words of another')
  const hint = page.locator('[data-test="duplicate"]').first()
  await hint.locator('[data-test="me-too"]').click()
  await page.waitForSelector('[data-test="me-too"][aria-pressed="true"]')
  await assertFits(page, 'after me too')

  const accepted = await desk.call('POST', `/api/records/request/${filed.body.id}/actions/accept`,
    { fields: { handling: 'immediate' } }, { 'if-match': `"${filed.body.version}"` })
  assert(accepted.status === 200, JSON.stringify(accepted.body))
  await page.goto(`${server.url}/requests`)
  const followed = await wait(page, 'followed')
  assert((await followed.textContent()).includes('新进展'), 'what happened is news')
  await assertFits(page, 'what is followed')
  await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'))
  await assertFits(page, 'what is followed, large')
  await page.locator('[data-test="unfollow"]').scrollIntoViewIfNeeded()
  await shot(page, 'e2e-follows-360')
  await page.click('[data-test="unfollow"]')
  await page.waitForSelector('[data-test="followed"]', { state: 'detached' })
  assert(page.errors.length === 0, page.errors.join('; '))
  console.log('duplicates: ok')
} catch (error) {
  await fail(browser, error)
} finally {
  await browser.close()
  await server.stop()
}
