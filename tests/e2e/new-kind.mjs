// SPDX-License-Identifier: Apache-2.0
// A kind is one YAML file and not a line of TypeScript: with tests/kinds/lost_and_found.yaml beside the catalogue, a thing
// found is filed at the desk and on a grid worker's phone, stands in the list, is opened, edited and claimed, goes out as a
// sheet and comes in from one, after a dry run that says which cell is wrong.
import { readFileSync, rmSync } from 'node:fs'
import { assert, assertFits, catalogueWith, fail, openAs, shot, startBrowser, startServer } from './lib.mjs'

const catalogue = catalogueWith('lost_and_found')
const server = await startServer(['--demo'], undefined, catalogue)
const browser = await startBrowser()
const list = '/desk/r/lost_and_found'

const at = test => `[data-test="${test}"]`
const column = (sheet, title) => sheet.split('\r\n')[0].split(',').indexOf(title)

async function fill(page, thing) {
  await page.fill(at('input-item'), thing.item)
  await page.selectOption(at('input-thing'), thing.kind)
  await page.fill(at('input-found_on'), thing.day)
  if (thing.finder)
    await page.fill(at('input-finder'), thing.finder)
}

async function fileAtDesk(page, thing) {
  await page.click(at('create'))
  await page.waitForSelector(at('input-item'))
  await page.click(at('submit'))  // without a word: it says what is missing and nothing is filed
  await page.waitForSelector('.field-error')
  await fill(page, thing)
  await shot(page, 'e2e-new-kind-create-1366')
  await page.click(at('submit'))
  await page.waitForSelector(`${at('record-state')}[data-state="registered"]`)
}

async function workAtDesk(page) {
  const number = (await page.textContent(at('record-number'))).trim()
  assert(/^SW\d{6}-\d{8}-\d{4}$/.test(number), `number of the kind's own form: ${number}`)
  await page.waitForSelector(`${at('record-state')}[data-state="registered"]`)
  assert((await page.textContent('.panel')).includes('138****5678'), 'the telephone is masked')
  await page.click(at('edit'))
  await page.fill(at('input-value'), '320.5')
  await page.click(at('dialog-confirm'))
  await page.waitForFunction(() => document.querySelector('.panel')?.textContent.includes('320.5'))
  await page.click(at('action-claim'))
  await page.click(at('dialog-confirm'))  // a reason is needed
  await page.waitForSelector('dialog .field-error')
  await page.fill(at('input-reason'), '失主说对了卡号后四位')
  await page.click(at('dialog-confirm'))
  await page.waitForSelector(`${at('record-state')}[data-state="claimed"]`)
  await page.waitForSelector(at('action-give_back'))
  await shot(page, 'e2e-new-kind-record-1366')
}

/** The sheet as it comes: what it holds, and that it tells nothing that the page masks. */
async function exportSheet(page) {
  await page.goto(server.url + list)
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(at('export'))])
  const sheet = readFileSync(await download.path(), 'utf8').replace(/^\uFEFF/, '')
  assert(sheet.includes('黑色钱包') && sheet.includes('红色雨伞'), 'the sheet holds what was filed')
  assert(!sheet.includes('13812345678'), 'the sheet masks the telephone')
  return sheet
}

async function importSheet(page, sheet) {
  const [code, place] = sheet.split('\r\n')[1].split(',')[column(sheet, '所属区域')].match(/^(\S+)\s*(.*)$/).slice(1)
  const rows = (kind, day) => `所属区域,物品,种类,拾获日期\r\n${code},蓝色书包,钥匙,2025-05-06\r\n${code},门禁卡,${kind},${day}\r\n`
  assert(code !== '', `the sheet names the area: ${place}`)
  await page.click(at('import'))
  const give = text => page.setInputFiles(at('import-file'), { name: '失物.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  await give(rows('飞机', '2025-13-40'))
  await page.waitForSelector('.import-problems tbody tr')
  const told = await page.textContent('.import-problems')
  assert(told.includes('种类') && told.includes('拾获日期'), `the dry run names the cells: ${told}`)
  assert(await page.$(at('dialog-confirm')) === null, 'a wrong sheet cannot be taken in')
  await shot(page, 'e2e-new-kind-import-1366')
  await page.click(at('import-other'))
  await give(rows('手机', '2025-05-05'))
  await page.waitForSelector(at('dialog-confirm'))
  assert(await rowsOf(page, '门禁卡') === 0, 'a dry run changes nothing')
  await page.click(at('dialog-confirm'))
  await page.waitForFunction(() => document.querySelector('[data-test="import-result"]')?.textContent.includes('2'))
  await page.keyboard.press('Escape')
  await page.waitForSelector(`${at('list-row')} >> text=门禁卡`)
}
const rowsOf = (page, words) => page.locator(at('list-row'), { hasText: words }).count()

async function fileOnPhone(page) {
  await page.goto(server.url + '/field/all')
  await page.click('nav .chip >> text=失物招领')
  await page.click(at('create'))
  await page.waitForSelector(at('input-item'))
  await assertFits(page, 'filing on a phone')
  await fill(page, { item: '红色雨伞', kind: 'keys', day: '2025-05-06', finder: '13812345678' })
  await shot(page, 'e2e-new-kind-phone-360')
  await page.click(at('submit'))
  await page.waitForSelector(`${at('record-state')}[data-state="registered"]`)
  await assertFits(page, 'record on a phone')
  await page.goto(server.url + '/field/all')
  await page.click('nav .chip >> text=失物招领')
  await page.waitForSelector(`${at('list-card')} >> text=红色雨伞`)
}

async function done(page, where) {
  assert(page.errors.length === 0, `${where}: ${page.errors.join('; ')}`)
  await page.context().close()
}

try {
  let page = await openAs(browser, server, 'mas-grid1', { phone: true })
  await fileOnPhone(page)
  await done(page, 'phone')

  page = await openAs(browser, server, 'mas-community1', { path: list })
  await page.click(`${at('list-row')} >> text=红色雨伞`)
  await page.waitForSelector(at('record-number'))
  await workAtDesk(page)
  await page.click(at('record-close'))
  await fileAtDesk(page, { item: '黑色钱包', kind: 'wallet', day: '2025-05-07' })
  await page.goto(server.url + list)
  await page.waitForSelector(`${at('list-row')} >> text=已认领`)
  await importSheet(page, await exportSheet(page))
  await shot(page, 'e2e-new-kind-list-1366')
  await done(page, 'desk')
  console.log('1 passed, 0 failed')
} catch (error) {
  await fail(browser, error)
} finally {
  await browser.close()
  await server.stop()
  rmSync(catalogue, { recursive: true, force: true })
}
