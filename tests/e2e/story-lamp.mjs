// SPDX-License-Identifier: Apache-2.0
// A lamp is broken; the community passes it on at once, the unit shows by a photo with its place that it burns again, and
// the resident rates it: all on one day.
import { api, assert, fail, shot, startBrowser, startServer } from './lib.mjs'
import { act, as, choose, click, history, openFromInbox, phone, report, state } from './lib-story.mjs'

const server = await startServer(['--demo'])
const browser = await startBrowser()

try {
  let path = ''
  const number = await as(browser, server, 'mas-resident1', phone, async page => {
    const receipt = await report(page, 'street_light', '3号楼前的路灯不亮，晚上看不见台阶')
    await click(page, 'to-request')
    await state(page, 'submitted')
    path = new URL(page.url()).pathname
    return receipt
  })
  await as(browser, server, 'mas-community1', {}, async page => {
    await openFromInbox(page, server, number)
    await act(page, 'accept', p => p.selectOption('[data-test="input-handling"]', 'immediate'))
    await state(page, 'accepted')
    await act(page, 'assign', p => choose(p, 'lead_unit', '城市管理局'))
    await state(page, 'assigned')
  })
  await as(browser, server, 'mas-chengguan', {}, async page => {
    await page.context().grantPermissions(['geolocation'])
    await page.context().setGeolocation({ latitude: 31.6712, longitude: 118.5087 })
    await openFromInbox(page, server, number)
    const photo = { name: 'lamp.png', mimeType: 'image/png', buffer: await page.screenshot() }
    await act(page, 'resolve', async p => {
      await p.fill('[data-test="input-result"]', '灯头和触发器已更换')
      await p.setInputFiles('[data-test="input-evidence-files"]', photo)
      await shot(p, 'e2e-resolve-1366')
    })
    await state(page, 'resolved')
  })
  await as(browser, server, 'mas-resident1', { ...phone, path }, async page => {
    await state(page, 'resolved')
    await click(page, 'rate-5')
    await click(page, 'submit')
    await state(page, 'closed')
  })

  const city = await api(server, 'mas-city', 'linli-demo')
  const id = path.split('/').pop()
  const entries = await history(city, 'request', id)
  const resolved = entries.find(entry => entry.action === 'resolve')
  assert(resolved.evidence.files.length === 1, 'the photo stands with the step')
  assert(resolved.evidence.place, 'and so does where it was taken')
  const { body } = await city.call('GET', `/api/records/request/${id}`)
  assert(body.clocks.every(clock => !clock.breached_at), 'nothing was late')
  assert(body.fields.satisfaction === 5, 'the resident is content')
  assert(Date.parse(entries.at(-1).at) - Date.parse(entries[0].at) < 24 * 3600 * 1000, 'the same day')
  console.log('1 passed, 0 failed')
} catch (error) {
  await fail(browser, error)
} finally {
  await browser.close()
  await server.stop()
}
