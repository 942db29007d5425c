// SPDX-License-Identifier: Apache-2.0
// A community is renamed: proposed and looked at in the administration, refused to whoever proposed it, approved by another
// account, applied, seen in the tree, and undone.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { assert, assertFits, bin, fail, openAs, root, shot, startBrowser, startServer } from './lib.mjs'

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

async function propose(page) {
  await page.click(at('create'))
  await page.click(`${dialog} ${at('area-picker')}`)
  await page.fill(`${dialog} ${at('area-search')}`, oldName)
  const row = page.locator('.area-list li', { hasText: oldName }).first()
  await row.locator(at('area-pick')).click()
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
  const listed = execFileSync(bin, ['area', 'decisions', '--data', server.data], { encoding: 'utf8' })
  execFileSync(bin, ['area', 'approve', listed.split(/\s+/)[0], '--as', 'mas-city', '--data', server.data, '--catalogue', join(root, 'catalogue')])
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
