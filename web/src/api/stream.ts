// SPDX-License-Identifier: Apache-2.0
/**
 * One connection for the whole page on which the server says that something has changed; who cares asks again.
 * What was missed while it was down is made up for by asking everything again once it is back.
 */
import { onScopeDispose, readonly, ref } from 'vue'

export type StreamEvent = 'record' | 'inbox' | 'board' | 'figures'
interface About { kind?: string, id?: string }
type Listener = (about: About | null) => void

const listeners: Record<StreamEvent, Set<Listener>> = { record: new Set(), inbox: new Set(), board: new Set(), figures: new Set() }
const kinds = Object.keys(listeners) as StreamEvent[]
/** The browser mends a short break by itself; only a longer one is worth a word. */
const patience = 4000
const longestWait = 60_000
const lost = ref(false)
let source: EventSource | null = null
let missed = false
let tries = 0
let telling: ReturnType<typeof setTimeout> | undefined
let reopening: ReturnType<typeof setTimeout> | undefined

function read(data: string): About {
  try {
    return JSON.parse(data || '{}') as About
  }
  catch {
    return {}
  }
}
function tellAll() {
  for (const kind of kinds)
    listeners[kind].forEach(listener => listener(null))
}
function opened() {
  clearTimeout(telling)
  telling = undefined
  tries = 0
  lost.value = false
  if (missed)
    tellAll()
  missed = false
}
function broken() {
  missed = true
  telling ??= setTimeout(() => { lost.value = true }, patience)
  if (source?.readyState === EventSource.CLOSED) {
    clearTimeout(reopening)
    reopening = setTimeout(open, Math.min(longestWait, 2000 * 2 ** tries++) * (1 + Math.random() / 4))
  }
}
function open() {
  clearTimeout(reopening)
  source?.close()
  source = new EventSource('/api/stream')
  source.onopen = opened
  source.onerror = broken
  source.addEventListener('reload', tellAll)
  for (const kind of kinds)
    source.addEventListener(kind, event => {
      const about = read((event as MessageEvent<string>).data)
      listeners[kind].forEach(listener => listener(about))
    })
}
function closeIfUnused() {
  if (!source || kinds.some(kind => listeners[kind].size > 0))
    return
  clearTimeout(telling)
  clearTimeout(reopening)
  telling = reopening = undefined
  source.close()
  source = null
  missed = lost.value = false
  tries = 0
}

/** Whether what is shown may be out of date, because the server can no longer say that something changed. */
export function useStream() {
  return { lost: readonly(lost), reopen: () => { if (source) open() } }
}

/**
 * Calls `listener` at most once in `rest` ms while things change, and once after the last change, as long as the page that
 * uses it is shown. `matters` picks the events that count; after a break everything counts.
 */
export function onStream(kind: StreamEvent, listener: () => void, matters: (about: About) => boolean = () => true, rest = 800) {
  if (typeof EventSource === 'undefined')
    return
  let timer: ReturnType<typeof setTimeout> | undefined
  const later: Listener = about => {
    if (about && !matters(about))
      return
    timer ??= setTimeout(() => {
      timer = undefined
      listener()
    }, rest)
  }
  listeners[kind].add(later)
  if (!source)
    open()
  onScopeDispose(() => {
    clearTimeout(timer)
    listeners[kind].delete(later)
    closeIfUnused()
  })
}
