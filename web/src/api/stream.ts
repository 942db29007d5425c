// SPDX-License-Identifier: Apache-2.0
/** One connection for the whole page on which the server says that something has changed; who cares asks again. */
import { onScopeDispose } from 'vue'

export type StreamEvent = 'record' | 'inbox' | 'board'
type Listener = (about: { kind?: string, id?: string }) => void

const listeners: Record<StreamEvent, Set<Listener>> = { record: new Set(), inbox: new Set(), board: new Set() }
const kinds = Object.keys(listeners) as StreamEvent[]
let source: EventSource | null = null

function open() {
  source = new EventSource('/api/stream')
  for (const kind of kinds)
    source.addEventListener(kind, event => {
      let about = {}
      try {
        about = JSON.parse((event as MessageEvent<string>).data || '{}') as object
      }
      catch { /* an event without words still says that something changed */ }
      listeners[kind].forEach(listener => listener(about))
    })
}
function closeIfUnused() {
  if (source && kinds.every(kind => listeners[kind].size === 0)) {
    source.close()
    source = null
  }
}

/**
 * Calls `listener` once things have been quiet for `quiet` ms, while the page that uses it is shown.
 * `matters` picks the events that count.
 */
export function onStream(kind: StreamEvent, listener: () => void,
  matters: (about: { kind?: string, id?: string }) => boolean = () => true, quiet = 800) {
  if (typeof EventSource === 'undefined')
    return
  let timer: ReturnType<typeof setTimeout> | undefined
  const later: Listener = about => {
    if (!matters(about))
      return
    clearTimeout(timer)
    timer = setTimeout(listener, quiet)
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
