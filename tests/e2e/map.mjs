// SPDX-License-Identifier: Apache-2.0
// The planning map of the demo's county: a circle with its table and the dwellings outside, a facility dragged by the mouse and
// moved by keys, a walk, two siting studies side by side, grid cells and proposals for communities; at a desk and on a phone,
// in both languages, light and dark; without violations that axe knows.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { api, assert, assertFits, fail, openAs, root, shot, startBrowser, startServer } from './lib.mjs'

const axe = readFileSync(createRequire(join(root, 'web/package.json')).resolve('axe-core/axe.min.js'), 'utf8')
const started = Date.now()
const server = await startServer(['--demo'])
console.log(`first start with demo data: ${((Date.now() - started) / 1000).toFixed(1)} s`)
const browser = await startBrowser()
const at = test => `[data-test="${test}"]`
const settled = page => page.waitForLoadState('networkidle')

async function noViolations(page, where) {
  await page.evaluate(axe)
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }))
  assert(found.violations.length === 0, `${where}: ${JSON.stringify(found.violations.map(one => [one.id, one.nodes.map(node => node.html.slice(0, 120))]))}`)
}
const total = page => page.locator(`${at('coverage-total')} td`).nth(2).textContent()

/** Where a place of the ground is on the canvas. */
async function dotOf(page, lon, lat) {
  return page.locator(at('map-canvas')).evaluate((canvas, [x, y]) => {
    const { lon: midLon, lat: midLat, metres } = canvas.dataset
    const sheet = canvas.getBoundingClientRect()
    const east = 111320 * Math.cos(Number(midLat) * Math.PI / 180)
    return { x: sheet.left + sheet.width / 2 + (x - midLon) * east / metres, y: sheet.top + sheet.height / 2 - (y - midLat) * 111320 / metres }
  }, [lon, lat])
}

async function circles(page, county) {
  await page.waitForSelector(at('coverage'))
  await settled(page)
  assert(await page.locator(at('made-up')).isVisible(), 'the page says that its streets are made up')
  await shot(page, 'e2e-map-circles-1366')
  await noViolations(page, 'circles')
  const rows = page.locator(`${at('coverage')} tbody tr[data-area]`)
  const share = async n => parseFloat(await rows.nth(n).locator('td').nth(2).textContent())
  assert(await share(0) <= await share(await rows.count() - 1), 'the least covered stands first')
  await page.click(at('sort-share'))
  assert(await share(0) >= await share(await rows.count() - 1), 'and last when sorted the other way')
  const gaps = await page.locator(`${at('gaps')} li`).count()
  assert(gaps > 0, 'dwellings outside are listed')
  await page.selectOption(at('map-column'), 'elderly')
  await settled(page)
  await page.selectOption(at('map-circle'), 'fitness')
  await settled(page)
  await drag(page, county)
}

/** A facility is dragged far away: the total changes; keys move it too; put back, all is as before. */
async function drag(page, county) {
  const places = (await county.call('GET', `/api/spatial/places?area=${county.area}`)).body.places.filter(one => one.kind === 'fitness')
  await page.click(at('map-whole'))
  await settled(page)
  const before = await total(page)
  const visible = []
  const sheet = await page.locator(at('map-canvas')).boundingBox()
  for (const place of places) {
    const dot = await dotOf(page, place.lon, place.lat)
    if (dot.x > sheet.x + 30 && dot.x < sheet.x + sheet.width - 80 && dot.y > sheet.y + 30 && dot.y < sheet.y + sheet.height - 30) visible.push(dot)
  }
  assert(visible.length > 0, 'facilities are on the map')
  await page.mouse.move(visible[0].x, visible[0].y)
  await page.mouse.down()
  for (let step = 1; step <= 8; step++) await page.mouse.move(visible[0].x + step * 9, visible[0].y + step * 4)
  await page.waitForSelector(at('map-held'))
  await settled(page)
  await shot(page, 'e2e-map-drag-1366')
  await page.mouse.up()
  assert(await page.locator('.figures tr.changed').count() > 0 && /\d/.test(await page.textContent(at('map-held'))), 'areas whose share changes are marked')
  await page.click(at('map-release'))
  assert(await total(page) === before, 'put back, all is as before')
  await page.selectOption(at('map-place'), String(places[0].number))
  await page.focus(at('map-canvas'))
  const asked = page.waitForResponse(answer => answer.url().includes('/what-if'))
  await page.keyboard.press('Shift+ArrowRight')
  assert((await asked).ok(), 'keys move a facility too')
  await page.click(at('map-release'))
}

async function walks(page) {
  await page.click(at('tab-walk'))
  await page.focus(at('map-canvas'))
  for (const key of ['+', '+', 'Enter']) await page.keyboard.press(key)
  await page.waitForSelector(`${at('walk')}, [role="alert"]`)
  if (!await page.locator(at('walk')).count()) {
    const box = await page.locator(at('map-canvas')).boundingBox()
    await page.mouse.click(box.x + box.width * 0.4, box.y + box.height * 0.5)
    await page.waitForSelector(at('walk'))
  }
  await page.selectOption(at('walk-minutes'), '30')
  await settled(page)
  await shot(page, 'e2e-map-walk-1366')
  await noViolations(page, 'walks')
}

async function begin(page, button) {
  const before = await page.locator(`${at('job')}[data-state="done"]`).count()
  await page.click(at(button))
  await page.waitForFunction(n => document.querySelectorAll('[data-test="job"][data-state="done"]').length > n, before, { timeout: 60000 })
  await settled(page)
}

async function siting(page) {
  await page.click(at('tab-siting'))
  await page.selectOption(at('study-circle'), 'elder_meals')
  await page.fill(at('study-number'), '3')
  await begin(page, 'study-begin')
  await page.waitForSelector(at('plan-sites'))
  assert(await page.locator(`${at('plan-sites')} tbody tr`).count() === 3, 'three sites with what each adds')
  const three = await page.textContent(at('plan-figure'))
  await page.fill(at('study-number'), '5')
  await begin(page, 'study-begin')
  await page.waitForFunction(() => document.querySelectorAll('[data-test="plan-sites"] tbody tr').length === 5)
  assert(await page.textContent(at('plan-figure')) !== three, 'five sites cover something else')
  await page.selectOption(at('plan-compare'), { index: 1 })
  await page.waitForFunction(() => document.querySelectorAll('[data-test="plan-areas"] thead th').length === 4)
  await page.click(at('map-whole'))
  await settled(page)
  await shot(page, 'e2e-map-siting-1366')
  await noViolations(page, 'siting')
  await page.locator(at('plan-areas')).scrollIntoViewIfNeeded()
  await shot(page, 'e2e-map-compare-1366')
}

/** One that takes its time is stopped and gives the best it has. */
async function stopped(page) {
  await page.selectOption(at('study-kind'), 'cover_all')
  await page.click(at('study-begin'))
  await page.waitForSelector(`${at('job')}[data-state]`)
  const cancel = page.locator(at('job-cancel')).first()
  if (await cancel.isVisible().catch(() => false)) await cancel.click().catch(() => {})
  await page.waitForFunction(() => ![...document.querySelectorAll('[data-test="job"]')].some(job => ['waiting', 'running'].includes(job.dataset.state)), null, { timeout: 60000 })
}

async function districts(page) {
  await page.click(at('tab-districts'))
  await page.fill(at('split-above'), '2500')
  await begin(page, 'district-begin')
  await page.waitForSelector(at('proposal'))
  await page.click(at('map-whole'))
  await settled(page)
  await shot(page, 'e2e-map-communities-1366')
  await noViolations(page, 'districts')
  await page.selectOption(at('district-kind'), 'cells')
  await begin(page, 'district-begin')
  await page.waitForSelector(at('cells'))
  await settled(page)
  await shot(page, 'e2e-map-cells-1366')
}

async function elsewhere(county) {
  const page = await openAs(browser, server, 'wz-county', { path: '/map' })
  await page.waitForSelector(at('empty'))
  await shot(page, 'e2e-map-empty-1366')
  const phone = await openAs(browser, server, 'mas-county', { phone: true, path: '/map?circle=fitness&day=1' })
  await phone.waitForSelector(at('coverage'))
  await settled(phone)
  await assertFits(phone, 'the map on a phone')
  await shot(phone, 'e2e-map-360')
  await noViolations(phone, 'on a phone')
  const dark = await openAs(browser, server, 'mas-county')
  await dark.evaluate(() => localStorage.setItem('linli.preferences', JSON.stringify({ language: 'en', theme: 'dark', elder: false })))
  await dark.setViewportSize({ width: 1920, height: 1080 })
  await dark.goto(`${server.url}/map?circle=elder_meals&day=1`)
  await dark.waitForSelector(at('coverage'))
  await settled(dark)
  await shot(dark, 'e2e-map-dark-en-1920')
  await noViolations(dark, 'dark, in English')
  const desk = await openAs(browser, server, 'mas-community1', { path: '/map?circle=fitness&day=1' })
  await desk.waitForSelector(at('coverage-total'))
  await settled(desk)
  await shot(desk, 'e2e-map-community-1366')
  return [page, phone, dark, desk, county.page]
}

try {
  const county = await api(server, 'mas-county', 'linli-demo')
  county.area = county.me.grants[0].area.id
  const page = await openAs(browser, server, 'mas-county', { path: '/map?day=1' })
  county.page = page
  await circles(page, county)
  await walks(page)
  await siting(page)
  await stopped(page)
  await districts(page)
  for (const one of await elsewhere(county))
    assert(one.errors.filter(error => !/404/.test(error)).length === 0, `page errors: ${one.errors}`)
  console.log('map: ok')
}
catch (error) {
  await fail(browser, error)
}
finally {
  await browser.close()
  await server.stop()
}
