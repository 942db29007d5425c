// SPDX-License-Identifier: Apache-2.0
// A community is renamed: proposed and looked at in the administration, refused to whoever proposed it, approved by another
// account, applied, seen in the tree, and undone. Another one is split, with its grids and an heir: board and list as then, as
// now and on the map of the day before.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { api, assert, assertFits, bin, fail, openAs, root, shot, startBrowser, startServer } from './lib.mjs'

const server = await startServer(['--demo'])
const browser = await startBrowser()
const at = test => `[data-test="${test}"]`
const oldName = '一村社区居委会', newName = '一渠社区居委会'
const dialog = '.modal[open]'

async function confirm(page) {
  await page.click(`${dialog} ${at('dialog-confirm')}`)
}

/** Confirms, and gives the password if it is asked for. */
async function confirmKnown(page) {
  await confirm(page)
  const password = page.locator(at('step-up-password'))
  if (await password.waitFor({ timeout: 1500 }).then(() => true, () => false)) {
    await password.fill('linli-demo')
    await page.click(at('step-up-confirm'))
  }
}

async function pickArea(page, name) {
  await page.click(`${dialog} ${at('area-picker')}`)
  await page.fill(`${dialog} ${at('area-search')}`, name)
  await page.locator('.area-list li', { hasText: name }).first().locator(at('area-pick')).click()
}

async function propose(page) {
  await page.click(at('create'))
  await pickArea(page, oldName)
  await page.fill(at('into-name-0'), newName)
  await page.fill(at('input-document'), '马民〔2026〕1号')
  await confirm(page)
  await page.waitForSelector(at('preview'))
  await shot(page, 'e2e-areas-preview-1366')
  await confirm(page)
  await page.waitForSelector(at('list-row'))
}

const state = (page, word) => page.waitForFunction(
  ([selector, text]) => document.querySelector(selector)?.textContent?.includes(text), [at('state'), word])

async function treeHas(page, name) {
  await page.goto(server.url + '/admin/areas')
  await page.fill(at('area-search'), name)
  await page.waitForSelector(`${at('list-row')}[data-name="${name}"]`)
  await page.goto(server.url + '/admin/decisions')
  await page.waitForSelector(at('list-row'))
}

/** A community where something is over, and one beside it, as they are in the tree. */
async function someCommunity() {
  const city = await api(server, 'mas-city', 'linli-demo')
  const over = await city.call('GET', '/api/records/request?state=closed&limit=1')
  const path = (await city.call('GET', `/api/areas/${over.body.records[0].area.id}`)).body.path
  const at = level => path.find(step => step.level === level)
  const kin = (await city.call('GET', `/api/areas?under=${at('subdistrict').id}`)).body.areas
  return { city, it: kin.find(one => one.id === at('community').id), beside: kin.find(one => one.id !== at('community').id), street: at('subdistrict') }
}

/** Proposes the split, with a code that is taken at first: the problem stands at its field. */
async function proposeSplit(page, { it, beside }) {
  await page.click(at('create'))
  await page.selectOption(at('input-kind'), 'split')
  await pickArea(page, it.name)
  await page.waitForSelector(at('children'))
  const code = it.code.slice(0, 9)
  for (const [i, name, tail, households] of [[0, '甲一社区', '881', '600'], [1, '乙一社区', '', '1800']]) {
    await page.fill(at(`into-name-${i}`), name)
    await page.fill(at(`into-code-${i}`), tail ? code + tail : beside.code)
    await page.fill(at(`into-households-${i}`), households)
  }
  assert(await page.textContent(at('share-0')) === '25%' && await page.textContent(at('share-1')) === '75%', 'shares of households')
  await page.check(at('heir-1'))
  await page.locator(`${at('children')} select`).first().selectOption('0')
  await page.fill(at('input-document'), '马民〔2026〕2号')
  await confirm(page)
  await page.waitForSelector(`${at('part-1')} ${at('field-problem')}`)
  await shot(page, 'e2e-areas-problem-1366')
  await page.setViewportSize({ width: 360, height: 640 })
  await assertFits(page, 'a split on a phone')
  await page.locator(at('part-1')).scrollIntoViewIfNeeded()
  await shot(page, 'e2e-areas-problem-360')
  await page.setViewportSize({ width: 1366, height: 768 })
  await page.fill(at('into-code-1'), code + '882')
  await confirm(page)
  await page.waitForSelector(at('preview'))
  assert(await page.locator(at('field-problem')).count() === 0, 'no problem is left')
  await shot(page, 'e2e-areas-split-1366')
  await confirm(page)
  await page.waitForSelector(`.decision:has-text("乙一社区")`)
}

function approveNewest() {
  const listed = execFileSync(bin, ['area', 'decisions', '--data', server.data], { encoding: 'utf8' })
  execFileSync(bin, ['area', 'approve', listed.split(/\s+/)[0], '--as', 'mas-city', '--data', server.data, '--catalogue', join(root, 'catalogue')])
}

/** The figures of the street on each map, and the lists behind them. */
async function seeMaps({ city, it, street }) {
  const page = await openAs(browser, server, 'mas-city', { path: `/board?area=${street.id}&days=365` })
  await page.waitForSelector(at('map-choice'))
  const days = await page.locator(`${at('map-choice')} option`).evaluateAll(all => all.map(one => one.value))
  assert(days.length === 3, `three maps, not ${days}`)
  for (const map of ['now', days[2]]) {
    const answered = page.waitForResponse(answer => answer.url().includes('/api/board') && answer.url().includes(`map=${map}`))
    await page.selectOption(at('map-choice'), map)
    await answered
    await page.waitForSelector(`${at('board-area')}:has-text("${map === 'now' ? '乙一社区' : it.name}")`)
  }
  await shot(page, 'e2e-areas-board-1366')
  await page.selectOption(at('map-choice'), 'now')
  const west = (await city.call('GET', `/api/areas?under=${street.id}&q=乙一社区`)).body.areas[0]
  const list = async (map, more) => (await city.call('GET', `/api/records/request?area=${west.id}&count=1&map=${map}${more}`)).body.count
  const count = map => list(map, '&state=closed,declined')
  for (const map of ['now', 'then']) {
    const board = (await city.call('GET', `/api/board?kind=request&area=${west.id}&map=${map}`)).body
    const open = await list(map, '') - await count(map)
    assert(board.open === open, `${map}: ${board.open} open on the board, ${open} in the list`)
  }
  assert(await count('now') > 0 && await count('then') === 0, 'the heir shows what is over, though it was filed elsewhere')
  await page.goto(`${server.url}/desk/r/request?area=${west.id}&state=closed,declined`)
  const shown = n => page.waitForFunction(([selector, number]) => document.querySelector(selector)?.textContent?.includes(` ${number} `), [at('count'), n])
  await shown(await count('now'))
  await shot(page, 'e2e-areas-list-1366')
  await page.selectOption(at('map-choice'), 'then')
  await shown(0)
  await page.setViewportSize({ width: 360, height: 640 })
  await assertFits(page, 'a list by map on a phone')
  await shot(page, 'e2e-areas-list-360')
  await page.goto(`${server.url}/board?area=${street.id}&map=now`)
  await page.waitForSelector(at('map-choice'))
  await page.waitForSelector('.board-alone')
  await assertFits(page, 'a board by map on a phone')
  await shot(page, 'e2e-areas-board-360')
  assert(page.errors.length === 0, `page errors: ${page.errors.join('; ')}`)
}

try {
  const page = await openAs(browser, server, 'admin', { path: '/admin/decisions' })
  await propose(page)
  await state(page, '待批准')
  await page.click(at('step-approve'))
  await page.waitForSelector(`${dialog} ${at('preview')}`)
  await confirmKnown(page)
  await page.waitForSelector(`${dialog} .refusal, ${dialog} [role=alert]`)  // whoever proposed it does not approve it
  page.errors.length = 0  // the browser reports refusals
  await page.click(`${dialog} ${at('dialog-close')}`)
  approveNewest()
  await page.reload()
  await state(page, '已批准')
  await page.click(at('step-apply'))
  await page.waitForSelector(`${dialog} ${at('preview')}`)
  await confirmKnown(page)
  await state(page, '已生效')
  await treeHas(page, newName)
  await shot(page, 'e2e-areas-1366')
  await page.click(at('step-undo'))
  await confirmKnown(page)
  await state(page, '已撤回')
  await treeHas(page, oldName)
  const place = await someCommunity()
  await proposeSplit(page, place)
  approveNewest()
  await page.reload()
  await page.click(at('step-apply'))
  await page.waitForSelector(`${dialog} ${at('preview')}`)
  await confirmKnown(page)
  await state(page, '已生效')
  await seeMaps(place)
  await page.setViewportSize({ width: 360, height: 640 })
  await assertFits(page, 'decisions on a phone')
  await shot(page, 'e2e-areas-360')
  assert(page.errors.length === 0, `page errors: ${page.errors.join('; ')}`)
  console.log('1 passed, 0 failed')
} catch (error) {
  await fail(browser, error)
} finally {
  await browser.close()
  await server.stop()
}
