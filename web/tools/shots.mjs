// Pictures of every page, and axe on each. See tools/shots at the root.
import { createRequire } from 'node:module'
import { mkdirSync, readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { pages } from './shot-pages.mjs'

const [folder, base = 'http://127.0.0.1:8080', ...wanted] = process.argv.slice(2)
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const looks = [
  { name: 'light', theme: 'light' }, { name: 'dark', theme: 'dark' }, { name: 'elder', theme: 'light', elder: true },
]
const languages = [{ name: 'zh', language: 'zh-CN' }, { name: 'en', language: 'en' }]
const widths = { 360: 740, 768: 1024, 1366: 768, 1920: 1080 }

async function signIn(context, login) {
  const { accounts, password } = await (await context.request.get(`${base}/api/demo`)).json()
  const account = accounts.find(one => one.login === login) ?? accounts.find(one => one.role === login)
  if (!account)
    throw new Error(`no demo account ${login}`)
  const answer = await context.request.post(`${base}/api/session`, { data: { login: account.login, password }, headers: { Origin: base } })
  if (!answer.ok())
    throw new Error(`sign-in as ${account.login}: ${answer.status()} ${await answer.text()}`)
}
const violations = new Map()
let taken = 0
let broken = 0

async function judge(tab, name, errors) {
  const wide = await tab.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  if (wide > 1)
    errors.push(`${name}: ${wide} px wider than the screen`)
  await tab.evaluate(axe)
  const found = await tab.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }))
  for (const one of found.violations)
    for (const node of one.nodes) {
      const key = `${one.id}: ${node.target.join(' ')}`
      violations.set(key, [...violations.get(key) ?? [], name])
    }
}

/** One page in one language and look; the same tab is made narrower for each width. */
async function shoot(browser, cookies, page, language, look) {
  const nameAt = width => `${page.name}-${width}-${look.name}-${language.name}`
  const sizes = (page.widths ?? [360, 768, 1366, 1920]).filter(width => wanted.every(word => nameAt(width).includes(word))).sort((a, b) => b - a)
  if (!sizes.length)
    return
  const context = await browser.newContext({ viewport: { width: sizes[0], height: widths[sizes[0]] }, locale: language.language, bypassCSP: true, storageState: cookies, timezoneId: 'Asia/Shanghai' })
  await context.addInitScript(([text]) => localStorage.setItem('linli.preferences', text), [JSON.stringify({ language: language.language, theme: look.theme, elder: !!look.elder })])
  const tab = await context.newPage()
  const errors = []
  tab.on('pageerror', error => errors.push(String(error)))
  tab.on('console', message => message.type() === 'error' && !/Failed to load resource/.test(message.text()) && errors.push(message.text()))
  try {
    await tab.goto(base + page.path, { waitUntil: 'domcontentloaded' })
    await page.ready?.(tab)
    await tab.waitForTimeout(page.wait ?? 400)
    await page.before?.(tab)
    for (const width of sizes) {
      await tab.setViewportSize({ width, height: widths[width] })
      await tab.waitForTimeout(120)
      await tab.screenshot({ path: `${folder}/${nameAt(width)}.png`, fullPage: !!page.whole })
      await judge(tab, nameAt(width), errors)
      taken++
    }
  }
  catch (error) {
    errors.push(String(error).split('\n')[0])
  }
  for (const error of errors)
    console.error(`${page.name}-${look.name}-${language.name}: ${error}`)
  broken += errors.length
  await context.close()
}

mkdirSync(folder, { recursive: true })
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--font-render-hinting=none'] })
for (const group of Object.values(Object.groupBy ? Object.groupBy(pages, page => page.as ?? '') : pages.reduce((all, page) => ({ ...all, [page.as ?? '']: [...all[page.as ?? ''] ?? [], page] }), {}))) {
  const context = await browser.newContext({ baseURL: base })
  if (group[0].as)
    await signIn(context, group[0].as)
  const cookies = await context.storageState()
  for (const page of group) {
    page.path = page.path ?? await page.find(context.request, base)
    if (!page.path) {
      console.error(`${page.name}: nothing to show`)
      continue
    }
    for (const look of looks.filter(one => !page.looks || page.looks.includes(one.name)))
      for (const language of languages)
        await shoot(browser, cookies, page, language, look)
  }
  await context.close()
}
await browser.close()
for (const [key, names] of violations)
  console.error(`axe ${key}  (${names.length}: ${names.slice(0, 3).join(', ')})`)
console.log(`${taken} pictures in ${folder}; ${violations.size} axe findings, ${broken} errors`)
process.exit(violations.size || broken ? 1 : 0)
