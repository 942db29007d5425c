// SPDX-License-Identifier: Apache-2.0
// What the people of a story do on their pages: report, find in the inbox, act, look.
import { assert, assertFits, openAs, shot, startServer } from './lib.mjs'

export const phone = { phone: true }
export const wait = (page, test) => page.waitForSelector(`[data-test="${test}"]`)
export const click = (page, test) => page.click(`[data-test="${test}"]`)
export const state = (page, expected) =>
  page.waitForFunction(s => document.querySelector('[data-test="record-state"]')?.dataset.state === s, expected)

/** Reports in three steps on a phone; gives the number on the receipt. */
export async function report(page, category, words, address = '3号楼2单元') {
  await click(page, 'report-start')
  await page.check(`[data-test="category-${category}"]`, { force: true })
  if (!(await page.$('[data-test="description"]'))) await click(page, 'next')
  await page.fill('[data-test="description"]', words)
  await assertFits(page, 'report, first step')
  await shot(page, 'e2e-report-360')
  await click(page, 'next')
  await page.fill('[data-test="address"]', address)
  await click(page, 'next')
  await page.fill('[data-test="phone"]', '13812345678')
  await assertFits(page, 'report, last step')
  await click(page, 'submit')
  const number = await (await wait(page, 'receipt-number')).textContent()
  await assertFits(page, 'receipt')
  await shot(page, 'e2e-receipt-360')
  return number.trim()
}

/** Opens a record from the desk's inbox by its number. */
export async function openFromInbox(page, server, number, tab = 'mine') {
  await page.goto(`${server.url}/desk/inbox?tab=${tab}`)
  while (!(await page.waitForSelector(`[data-test="inbox-row"][data-number="${number}"]`, { timeout: 4000 }).catch(() => null))) {
    await click(page, 'more')
  }
  await page.click(`[data-test="inbox-row"][data-number="${number}"]`)
  await wait(page, 'record-number')
}

export async function act(page, action, fill = async () => {}) {
  await click(page, `action-${action}`)
  await wait(page, 'dialog-confirm')
  await fill(page)
  await click(page, 'dialog-confirm')
  await page.waitForSelector('[data-test="dialog-confirm"]', { state: 'detached' })
}

export async function choose(page, input, words) {
  await page.fill(`[data-test="input-${input}"]`, words)
  await page.waitForSelector('[data-test="option"]')
  await page.locator('[data-test="option"]', { hasText: words }).first().dispatchEvent('mousedown')
}

export const reason = words => page => page.fill('[data-test="input-reason"]', words)

export async function done(page, where) {
  assert(page.errors.length === 0, `${where}: ${page.errors.join('; ')}`)
  await page.context().close()
}

/** For who gives a record away: the page may ask for it once more and hear that it is not theirs. */
export const givesAway = { gives: true }

/** One person at a desk or on a phone: opens, does, and leaves without errors of the page. */
export async function as(browser, server, login, options, body) {
  const page = await openAs(browser, server, login, options)
  const result = await body(page)
  if (options.gives)
    page.errors = page.errors.filter(error => !error.includes('status of 404'))
  await done(page, login)
  return result
}

/** The timers of the server run by themselves: what they do is there in a while, as it has much to catch up with. */
export async function until(what, holds) {
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    if (await holds()) return
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  throw new Error(`not: ${what}`)
}

/** The server stops and starts again with its clock so many minutes ahead of the machine's. */
export async function later(server, minutes) {
  await server.halt()
  return startServer(['--demo', '--ahead', `${Math.round(minutes)} minutes`], server.data)
}

/** Actions of a record's history, oldest first. */
export async function history(client, kind, id) {
  const { body } = await client.call('GET', `/api/records/${kind}/${id}/history`)
  return body.entries
}

/** The newest record of a kind that refers to a request. */
export async function refersTo(client, kind, request) {
  const { body } = await client.call('GET', `/api/records/${kind}?f.request=${request}`)
  return body.records?.[0]
}
