// Pictures of every page, and axe on each. See tools/shots at the root.
import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { byReader, heights, judge, lookContext, openPage, signIn } from './look.mjs'
import { pages } from './shot-pages.mjs'

const [folder, base = 'http://127.0.0.1:8080', ...wanted] = process.argv.slice(2)
const looks = [
  { name: 'light', theme: 'light' }, { name: 'dark', theme: 'dark' }, { name: 'elder', theme: 'light', elder: true },
]
const languages = [{ name: 'zh', language: 'zh-CN' }, { name: 'en', language: 'en' }]
const violations = new Map()
let taken = 0
let broken = 0

/** One page in one language and look; the same tab is made narrower for each width. */
async function shoot(browser, cookies, page, language, look) {
  const nameAt = width => `${page.name}-${width}-${look.name}-${language.name}`
  const sizes = (page.widths ?? [360, 768, 1366, 1920]).filter(width => wanted.every(word => nameAt(width).includes(word))).sort((a, b) => b - a)
  if (!sizes.length)
    return
  const context = await lookContext(browser, cookies, language.language, look, sizes[0])
  const errors = []
  try {
    const tab = await openPage(context, base, page, errors)
    for (const width of sizes) {
      await tab.setViewportSize({ width, height: heights[width] })
      await tab.waitForTimeout(120)
      await tab.screenshot({ path: `${folder}/${nameAt(width)}.png`, fullPage: !!page.whole })
      const { wide, findings } = await judge(tab)
      if (wide)
        errors.push(`${nameAt(width)}: ${wide} px wider than the screen`)
      for (const key of findings)
        violations.set(key, [...violations.get(key) ?? [], nameAt(width)])
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
for (const [reader, group] of byReader(pages)) {
  const context = await browser.newContext({ baseURL: base })
  const cookies = reader ? await signIn(context, base, reader) : undefined
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
