// Opening a page of shot-pages.mjs as its reader, and judging it: axe, and nothing wider than the screen.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
export const heights = { 360: 740, 768: 1024, 1366: 768, 1920: 1080 }

/** Cookies of a demo account, named by login or by role. */
export async function signIn(context, base, login) {
  const { accounts, password } = await (await context.request.get(`${base}/api/demo`)).json()
  const account = accounts.find(one => one.login === login) ?? accounts.find(one => one.role === login)
  if (!account)
    throw new Error(`no demo account ${login}`)
  const answer = await context.request.post(`${base}/api/session`, { data: { login: account.login, password }, headers: { Origin: base } })
  if (!answer.ok())
    throw new Error(`sign-in as ${account.login}: ${answer.status()} ${await answer.text()}`)
  return context.storageState()
}

/** The pages of each reader. */
export function byReader(pages) {
  const groups = new Map()
  for (const page of pages)
    groups.set(page.as ?? '', [...groups.get(page.as ?? '') ?? [], page])
  return groups
}

export async function lookContext(browser, cookies, language, look, width) {
  const context = await browser.newContext({ viewport: { width, height: heights[width] }, locale: language, bypassCSP: true, storageState: cookies, timezoneId: 'Asia/Shanghai' })
  await context.addInitScript(([text]) => localStorage.setItem('linli.preferences', text), [JSON.stringify({ language, theme: look.theme, elder: !!look.elder })])
  return context
}

/** A tab that shows the page; what goes wrong in it is added to `errors`. */
export async function openPage(context, base, page, errors) {
  const tab = await context.newPage()
  tab.on('pageerror', error => errors.push(String(error)))
  tab.on('console', message => message.type() === 'error' && !/Failed to load resource/.test(message.text()) && errors.push(message.text()))
  await tab.goto(base + page.path, { waitUntil: 'domcontentloaded' })
  await page.ready?.(tab)
  await tab.waitForTimeout(page.wait ?? 400)
  await page.before?.(tab)
  return tab
}

/** What is wrong with what the tab shows: findings of axe by rule and place, and how much wider than the screen it is. */
export async function judge(tab) {
  const wide = await tab.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  await tab.evaluate(axe)
  const found = await tab.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }))
  return { wide: wide > 1 ? wide : 0, findings: found.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.target.join(' ')}`)) }
}
