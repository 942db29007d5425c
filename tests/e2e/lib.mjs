// SPDX-License-Identifier: Apache-2.0
// A real server on a free port and a real Chromium, for one story.
import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdtempSync, rmSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const require = createRequire(join(root, 'web/package.json'))
const { chromium } = require('playwright-core')

export const bin = process.env.LINLI_BIN ?? join(root, 'build/linli')

/** A copy of the catalogue with a kind of tests/kinds added: what a city does that needs one more. */
export function catalogueWith(kind) {
  const folder = mkdtempSync(join(tmpdir(), 'linli-catalogue-'))
  cpSync(join(root, 'catalogue'), folder, { recursive: true })
  copyFileSync(join(root, `tests/kinds/${kind}.yaml`), join(folder, `core/community/${kind}.yaml`))
  return folder
}

/** The demo of `./run` with fewer people, so that a story begins soon. */
function fillDemo(data, catalogue) {
  const { status, stderr } = spawnSync(bin, ['demo', '--data', data, '--catalogue', catalogue, '--persons', '3000'], { encoding: 'utf8' })
  if (status !== 0)
    throw new Error(`the demo was not made\n${stderr.slice(-20000)}`)
}

/** Starts `linli serve`; resolves when it listens. */
export async function startServer(options = [], data = mkdtempSync(join(tmpdir(), 'linli-e2e-')), catalogue = join(root, 'catalogue')) {
  if (options.includes('--demo') && !existsSync(join(data, 'linli.db')))
    fillDemo(data, catalogue)
  const child = spawn(bin, ['serve', '--data', data, '--port', '0', '--catalogue', catalogue,
    '--web', join(root, 'web/dist'), ...options], { stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  child.stderr.on('data', piece => { log = (log + piece).slice(-20000) })
  let out = ''
  const url = await new Promise((resolve, reject) => {
    child.stdout.on('data', piece => {
      out += piece
      const found = /serves (http:\/\/[^\s]+)/.exec(out)
      if (found) resolve(found[1])
    })
    child.on('exit', code => reject(new Error(`server ended with ${code}\n${log}`)))
  })
  /** Stops the server and keeps its data. */
  const halt = () => new Promise(resolve => {
    child.removeAllListeners('exit')
    child.on('exit', resolve)
    child.kill('SIGTERM')
  })
  /** The one-time word for the first administrator, as printed. */
  const token = () => /token=([\w-]+)/.exec(out)?.[1]
  return { url, data, child, halt, token, stop: async () => { await halt(); rmSync(data, { recursive: true, force: true }) } }
}

export async function startBrowser() {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  })
}

/** The card of a demo account; of each role two are shown at first. */
async function clickCard(page, login) {
  const card = `[data-test="demo-${login}"]`
  await page.waitForSelector('[data-test^="demo-"]')
  const roles = await page.locator('[data-test^="demo-more-"]').evaluateAll(all => all.map(one => one.dataset.test))
  for (const more of roles)
    if (!(await page.locator(card).count())) await page.click(`[data-test="${more}"]`)
  await page.click(card)
}

/** Signed-in page of a demo account, on a phone or at a desk. Fails the story on any page error. */
export async function openAs(browser, server, login, { phone = false, path = '/' } = {}) {
  const context = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai',
    viewport: phone ? { width: 360, height: 640 } : { width: 1366, height: 768 } })
  const page = await context.newPage()
  page.setDefaultTimeout(15000)
  page.errors = []
  page.on('pageerror', error => page.errors.push(String(error)))
  page.on('console', message => message.type() === 'error' && page.errors.push(message.text()))
  await page.goto(server.url + '/')
  await clickCard(page, login)
  await page.waitForFunction(() => !location.pathname.startsWith('/sign-in'))
  page.errors.length = 0  // asking who one is before signing in answers 401
  if (path !== '/') await page.goto(server.url + path)
  return page
}

/** A signed-in client of the API, for what a story needs beside the pages. */
export async function api(server, login, password) {
  const answer = await fetch(server.url + '/api/session', { method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password }) })
  if (!answer.ok) throw new Error(`sign-in of ${login}: ${answer.status} ${await answer.text()}`)
  const me = await answer.json()
  const cookie = answer.headers.getSetCookie().map(one => one.split(';')[0]).join('; ')
  return {
    me,
    async call(method, path, body, headers = {}) {
      const reply = await fetch(server.url + path, { method,
        headers: { cookie, 'x-csrf': me.csrf, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        body: body === undefined ? undefined : JSON.stringify(body) })
      const text = await reply.text()
      return { status: reply.status, headers: reply.headers, body: text && reply.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text }
    },
  }
}

export async function shot(page, name) {
  mkdirSync(join(root, 'shots'), { recursive: true })
  await page.screenshot({ path: join(root, 'shots', `${name}.png`) })
}

/** A story that broke off: what its pages showed and complained of; the process ends with 1. */
export async function fail(browser, error) {
  for (const context of browser.contexts())
    for (const page of context.pages()) {
      await shot(page, 'e2e-failure').catch(() => {})
      console.error(page.url(), page.errors)
    }
  console.error(error)
  process.exitCode = 1
}

/** No horizontal overflow on a phone. */
export async function assertFits(page, where) {
  const [inner, outer] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth])
  if (inner > outer) throw new Error(`${where}: ${inner} px wide on a page of ${outer} px`)
}

export function assert(condition, message) {
  if (!condition) throw new Error(message)
}
