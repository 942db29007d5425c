// SPDX-License-Identifier: Apache-2.0
// The ledger of a plan: 72 tasks with lights and filters; a task reported by its bureau moves on the page of the county; the
// table goes out as Word, is looked at by another district and becomes its ledger; what is no table is refused.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { judge } from '../../web/tools/look.mjs'
import { api, assert, assertFits, bin, fail, openAs, root, shot, startBrowser, startServer } from './lib.mjs'

const server = await startServer(['--demo'])
const browser = await startBrowser()
const at = test => `[data-test="${test}"]`
const shown = page => page.locator(at('task')).count()
const light = async (page, name) => Number(await page.textContent(`${at(`light-${name}`)} b`))

async function seeLedger(page) {
  await page.click(at('nav-ledger'))
  await page.waitForSelector(at('task'))
  assert(await shown(page) === 72, `72 tasks, not ${await shown(page)}`)
  const lights = {}
  for (const name of ['late', 'behind', 'on_track', 'done'])
    lights[name] = await light(page, name)
  assert(Object.values(lights).reduce((a, b) => a + b) === 72, 'every task has one light')
  assert(lights.done > 0 && lights.behind > 0 && lights.on_track > 0, `lights of three colours: ${JSON.stringify(lights)}`)
  await shot(page, 'e2e-ledger-1366')
  await page.click(at('light-done'))
  await page.waitForFunction(([selector, n]) => document.querySelectorAll(selector).length === n, [at('task'), lights.done])
  await page.click(at('reset'))
  await page.selectOption(at('filter-chapter'), { index: 2 })
  const of = await shown(page)
  assert(of > 0 && of < 72, 'one chapter')
  await page.selectOption(at('filter-lead'), { index: 1 })
  assert(await shown(page) <= of, 'filters add up')
  await page.click(at('reset'))
  return lights
}

/** At a desk and on a phone, in both languages: nothing that axe complains of, nothing wider than the screen. */
async function judgePage(page, where) {
  for (const [width, height] of [[1366, 768], [360, 640]]) {
    await page.setViewportSize({ width, height })
    const { wide, findings } = await judge(page)
    assert(!wide && !findings.length, `${where} at ${width}: ${wide} ${findings}`)
  }
  await shot(page, `e2e-ledger-${where}-360`)
  await page.setViewportSize({ width: 1366, height: 768 })
}

/** The bureau reports; the county's page, which is open, shows it. */
async function reportProgress(page) {
  const bureau = await api(server, 'lj-minzheng', 'linli-demo')
  const list = await bureau.call('GET', '/api/records/ledger_task?state=in_progress&limit=1')
  const task = list.body.records[0]
  const words = { fields: { progress: 97, progress_words: '已全部部署' } }
  const done = await bureau.call('POST', `/api/records/ledger_task/${task.id}/actions/report`, words, { 'if-match': `"${task.version}"` })
  assert(done.status === 200, `report: ${done.status} ${JSON.stringify(done.body)}`)
  const row = page.locator(at('task'), { has: page.locator(`a[href*="${task.id}"]`) })
  await row.locator('text=97%').waitFor()
  await row.locator('a').click()
  await page.waitForSelector('text=已全部部署')
  await shot(page, 'e2e-ledger-task-1366')
  await page.goBack()
  await page.waitForSelector(at('task'))
}

async function bringIn(file) {
  const page = await openAs(browser, server, 'bb-county', { path: '/desk/ledger' })
  await page.waitForSelector(at('empty'))
  await page.click(at('import'))
  const nothing = join(server.data, 'nothing.txt')
  writeFileSync(nothing, 'no table at all')
  await page.setInputFiles(at('ledger-file'), nothing)
  await page.waitForSelector('[role="alert"]')
  page.errors.length = 0  // the refusal of what is no table
  await page.setInputFiles(at('ledger-file'), file)
  await page.waitForSelector(at('ledger-sum'))
  assert(await page.locator(at('draft')).count() === 72, 'a preview of 72 tasks')
  await shot(page, 'e2e-ledger-preview-1366')
  await page.setViewportSize({ width: 360, height: 640 })
  await assertFits(page, 'the preview on a phone')
  await shot(page, 'e2e-ledger-preview-360')
  await page.setViewportSize({ width: 1366, height: 768 })
  await page.click(at('dialog-confirm'))
  await page.waitForSelector(at('task'))
  assert(await shown(page) === 72, 'all tasks are there')
  assert(page.errors.length === 0, page.errors.join('\n'))
}

/** The same by the command line, for another district. */
async function bringInByCommand(file) {
  const run = what => execFileSync(bin, ['ledger', what, file, '--plan', 'wenzhou-145', '--area', '330302000000', '--as', 'wz-county',
    '--data', server.data, '--catalogue', join(root, 'catalogue')], { encoding: 'utf8', stdio: 'pipe' })
  assert(run('preview').split('\n').filter(line => line.startsWith('task ')).length === 72, 'a preview of 72 tasks')
  assert(run('import').includes('72 tasks imported'), 'imported')
  let refused = ''
  try {
    run('import')
  } catch (error) {
    refused = error.stderr
  }
  assert(refused.includes('ledger_imported_already'), `a second time is refused: ${refused}`)
  const county = await api(server, 'wz-county', 'linli-demo')
  const ledger = await county.call('GET', `/api/ledgers/wenzhou-145?area=${county.me.grants[0].area.id}`)
  assert(ledger.body.tasks.length === 72, 'all tasks are there')
}

try {
  const page = await openAs(browser, server, 'lj-county', { path: '/desk' })
  await seeLedger(page)
  await judgePage(page, 'zh')
  await reportProgress(page)
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(at('export-docx'))])
  const file = join(server.data, 'ledger.docx')
  await download.saveAs(file)
  await page.evaluate(() => localStorage.setItem('linli.preferences', JSON.stringify({ language: 'en', theme: 'light', elder: false })))
  await page.reload()
  await page.waitForSelector(at('task'))
  await judgePage(page, 'en')
  assert(page.errors.length === 0, page.errors.join('\n'))
  await bringIn(file)
  await bringInByCommand(file)
  console.log('the ledger: seen, reported, handed on, brought in')
} catch (error) {
  await fail(browser, error)
} finally {
  await browser.close()
  await server.stop()
}
