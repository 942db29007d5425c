// SPDX-License-Identifier: Apache-2.0
// Every page can be used by everybody: axe finds nothing and nothing is wider than the screen, at a desk (or on the widest
// screen for which the page is made) and on a phone 360 px wide. Other widths, languages and looks: tools/shots.
import { byReader, heights, judge, lookContext, openPage, signIn } from '../../web/tools/look.mjs'
import { pages } from '../../web/tools/shot-pages.mjs'
import { api, assert, startBrowser, startServer } from './lib.mjs'

const server = await startServer(['--demo'])
const browser = await startBrowser()
const faults = []
let seen = 0

const widest = page => (page.widths ?? [1366]).filter(width => width <= 1366).reduce((a, b) => Math.max(a, b), 360)

async function look(context, page) {
  const errors = []
  const tab = await openPage(context, server.url, page, errors)
  for (const width of new Set([widest(page), 360])) {
    await tab.setViewportSize({ width, height: heights[width] })
    const { wide, findings } = await judge(tab)
    faults.push(...findings.map(one => `${page.name} at ${width} px: axe ${one}`))
    if (wide)
      faults.push(`${page.name} at ${width} px: ${wide} px wider than the screen`)
    seen++
  }
  faults.push(...errors.map(error => `${page.name}: ${error}`))
  await tab.close()
}

async function lookAll(reader, group) {
  const asking = await browser.newContext({ baseURL: server.url })
  const cookies = reader ? await signIn(asking, server.url, reader) : undefined
  for (const page of group) {
    const context = await lookContext(browser, cookies, 'zh-CN', { theme: 'light' }, widest(page))
    try {
      page.path = page.path ?? await page.find(asking.request, server.url)
      await look(context, page)
    } catch (error) {
      faults.push(`${page.name}: ${String(error).split('\n')[0]}`)
    }
    await context.close()
  }
  await asking.close()
}

/** What is still open in the demo depends on the day; with this, the desk has something to do on any. */
async function fileAtDesk() {
  const { accounts, password } = await (await fetch(`${server.url}/api/demo`)).json()
  const desk = await api(server, accounts.find(one => one.role === 'community_desk').login, password)
  const filed = await desk.call('POST', '/api/records/request',
    { area: desk.me.grants[0].area.id, fields: { category: 'public_toilet', description: '门坏了，关不上' } })
  assert(filed.status === 201, `filing at the desk: ${JSON.stringify(filed.body)}`)
}

try {
  await fileAtDesk()
  for (const [reader, group] of byReader(pages))
    await lookAll(reader, group)
  if (faults.length) {
    console.error(faults.join('\n'))
    process.exitCode = 1
  }
  console.log(`${seen} views of ${pages.length} pages, ${faults.length} faults`)
} finally {
  await browser.close()
  await server.stop()
}
