// SPDX-License-Identifier: Apache-2.0
// From an empty installation in, as administrators do: the first account by its one-time word, a second factor, another
// account by a link for its password, a token for a program, and the way in again with password and code.
import { createHmac } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assert, assertFits, bin, fail, root, shot, startBrowser, startServer } from './lib.mjs'

function code(secret, ms) {
  const bits = [...secret.replace(/\s/g, '')].map(c => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map(byte => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(ms / 30000)))
  const digest = createHmac('sha1', key).update(counter).digest()
  return ((digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff) % 1000000).toString().padStart(6, '0')
}

const data = mkdtempSync(join(tmpdir(), 'linli-e2e-'))
const areas = join(data, 'areas.csv')
writeFileSync(areas, 'code,name,parent\n340000000000,安徽省,\n340500000000,马鞍山市,340000000000\n340503000000,花山区,340500000000\n')
execFileSync(bin, ['area', 'import', areas, '--data', data, '--catalogue', join(root, 'catalogue')])
const server = await startServer([], data)
const browser = await startBrowser()
const it = name => `[data-test="${name}"]`

async function open(width, locale = 'zh-CN') {
  const context = await browser.newContext({ locale, timezoneId: 'Asia/Shanghai', viewport: { width, height: width < 600 ? 640 : 768 } })
  await context.addInitScript(language => localStorage.setItem('linli.preferences', JSON.stringify({ language })), locale)
  const page = await context.newPage()
  page.setDefaultTimeout(15000)
  page.errors = []
  page.on('pageerror', error => page.errors.push(String(error)))
  return page
}
const stepUp = async (page, password) => {
  await page.fill(it('step-up-password'), password)
  await page.click(it('step-up-confirm'))
}

try {
  const page = await open(360)
  await page.goto(`${server.url}/setup`)
  await page.fill(it('input-token'), server.token())
  await page.fill(it('input-login'), 'root.admin')
  await page.fill(it('input-name'), '王管理')
  for (const [weak, words] of [['password123', '猜'], ['wangguanli88', '猜']]) {
    await page.fill(it('input-password'), weak)
    await page.fill(it('input-again'), weak)
    await page.click(it('submit'))
    await page.waitForFunction(text => document.querySelector('[role=alert]')?.textContent.includes(text), words)
  }
  await page.fill(it('input-password'), 'four green hills')
  await page.fill(it('input-again'), 'four green hills')
  await page.click(it('submit'))
  await page.waitForURL('**/second-factor')
  await page.click(it('factor-begin'))
  await stepUp(page, 'four green hills')
  await page.waitForSelector(it('qr'))
  await assertFits(page, 'second factor')
  await shot(page, 'e2e-second-factor-360')
  const secret = await page.textContent(it('secret'))
  await page.fill(it('factor-code'), code(secret, Date.now()))
  await page.click(it('factor-confirm'))
  await page.waitForSelector(it('recovery'))
  const recovery = await page.$$eval(`${it('recovery')} li`, all => all.map(one => one.textContent))
  assert(recovery.length === 10, 'ten recovery codes')
  await assertFits(page, 'recovery codes')
  await shot(page, 'e2e-recovery-360')
  await page.click(it('recovery-kept'))
  await page.waitForURL('**/admin')

  const wide = await open(1366, 'en')
  await wide.goto(`${server.url}/sign-in?next=/admin/accounts`)
  await wide.fill(it('sign-in-login'), 'root.admin')
  await wide.fill(it('sign-in-password'), 'four green hills')
  await wide.click(it('sign-in-submit'))
  await wide.fill(it('second-code'), '000000')
  await wide.click(it('second-submit'))
  await wide.waitForSelector('[role=alert]')
  await shot(wide, 'e2e-second-step-1366')
  await wide.fill(it('second-code'), recovery[0])
  await wide.click(it('second-submit'))
  await wide.waitForURL('**/admin/accounts')
  await wide.click(it('create'))
  await wide.fill(it('input-login'), 'second')
  await wide.fill(it('input-name'), '李四')
  await wide.click(it('dialog-confirm'))
  await wide.click(it('reset'))
  await wide.click(it('reset-make'))
  await stepUp(wide, 'four green hills')
  const link = await wide.inputValue(it('reset-link'))
  await shot(wide, 'e2e-reset-link-1366')
  await wide.click(it('dialog-close'))

  const other = await open(360)
  await other.goto(link)
  await other.fill(it('reset-password'), 'five blue rivers')
  await other.fill(it('reset-again'), 'five blue rivers')
  await assertFits(other, 'reset')
  await shot(other, 'e2e-reset-360')
  await other.click(it('reset-submit'))
  await other.fill(it('sign-in-login'), 'second')
  await other.fill(it('sign-in-password'), 'five blue rivers')
  await other.click(it('sign-in-submit'))
  await other.waitForFunction(() => !location.pathname.startsWith('/sign-in'))

  await wide.reload()
  await wide.click(it('session-end'))
  await wide.waitForFunction(() => !document.querySelector('[data-test="access"] [data-test="session"]'))
  await shot(wide, 'e2e-access-1366')
  const gone = await other.request.get(`${server.url}/api/me`)
  assert(gone.status() === 401, 'a session ended by an administrator is over')

  await wide.goto(`${server.url}/admin/me`)
  await wide.fill(it('token-name'), 'sheet')
  await wide.check(it('token-grant'))
  await wide.click(it('token-make'))
  const token = await wide.textContent(it('token-made'))
  await shot(wide, 'e2e-tokens-1366')
  const ask = () => fetch(`${server.url}/api/accounts`, { headers: { authorization: `Bearer ${token}` } })
  assert((await ask()).status === 200, 'the token works')
  await page.goto(`${server.url}/admin/me`)
  await page.waitForSelector(it('token'))
  await assertFits(page, 'my account')
  await shot(page, 'e2e-my-account-360')
  await wide.click(it('token-end'))
  await wide.waitForFunction(() => !document.querySelector('[data-test="token"]'))
  assert((await ask()).status === 401, 'an ended token is over')
  for (const one of [page, wide, other])
    assert(!one.errors.length, one.errors.join('\n'))
  console.log('ways-in: all is well')
} catch (error) {
  await fail(browser, error)
} finally {
  await browser.close()
  await server.stop()
}
