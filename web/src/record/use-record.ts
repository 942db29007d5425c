// SPDX-License-Identifier: Apache-2.0
import { ref, shallowRef } from 'vue'
import { api, ifMatch } from '@/api/client'
import { uploadFile } from '@/api/files'
import { useCall } from '@/api/use-call'
import type { ActionInputs, Fields, FullRecord, HistoryEntry } from '@/api/types'

/** What was written beside the fields: the reason, the result, a note. */
export type Said = Partial<Record<'reason' | 'result' | 'note', string>>
/** Someone else was faster: what I wanted and wrote, what I started from, and how it is now. */
export interface Conflict { mine: Fields, said: Said, base: FullRecord, theirs: FullRecord, again: () => Promise<boolean> }

/** One record and what can be done with it. Every change names the version it was made from. */
export function useRecord(kind: string, id: string) {
  const record = shallowRef<FullRecord | null>(null)
  const history = shallowRef<HistoryEntry[]>([])
  const conflict = shallowRef<Conflict | null>(null)
  const shown = ref<Fields>({})
  const reading = useCall()
  const doing = useCall()
  const telling = useCall()
  const path = { kind, id }
  const here = { params: { path } }

  async function load() {
    const [given] = await Promise.all([reading.run(() => api.GET('/api/records/{kind}/{id}', here)), loadHistory()])
    if (given)
      record.value = given
    return given
  }
  async function loadHistory() {
    history.value = (await telling.run(() => api.GET('/api/records/{kind}/{id}/history', here)))?.entries ?? history.value
  }
  async function settle(given: FullRecord | undefined, mine: Fields, said: Said, again: () => Promise<boolean>): Promise<boolean> {
    if (given) {
      record.value = given
      void loadHistory()
      return true
    }
    if (doing.refusal.value?.status === 412 && record.value) {
      const base = record.value
      doing.clear()
      const theirs = await reading.run(() => api.GET('/api/records/{kind}/{id}', here))
      if (theirs)
        conflict.value = { mine, said, base, theirs, again }
    }
    return false
  }
  const version = () => ifMatch(record.value?.version ?? 0)

  /** `sent` is called once it has been done, be it after a conflict. */
  async function act(action: string, inputs: ActionInputs, sent = () => {}): Promise<boolean> {
    const given = await doing.run(() => api.POST('/api/records/{kind}/{id}/actions/{action}', {
      params: { path: { ...path, action }, header: version() }, body: inputs,
    }))
    if (given)
      sent()
    return settle(given, inputs.fields ?? {}, { reason: inputs.reason, result: inputs.result, note: inputs.evidence?.note }, () => act(action, inputs, sent))
  }
  /** Changes fields; with `area` the record moves to another place of its county. */
  async function change(fields: Fields, area?: string): Promise<boolean> {
    const given = await doing.run(() => api.PATCH('/api/records/{kind}/{id}', { params: { path, header: version() }, body: { fields, area } }))
    return settle(given, fields, {}, () => change(fields, area))
  }
  async function withdraw(reason: string): Promise<boolean> {
    const given = await doing.run(() => api.POST('/api/records/{kind}/{id}/withdraw', { params: { path, header: version() }, body: { reason } }))
    return settle(given, {}, { reason }, () => withdraw(reason))
  }
  /** Shows masked fields for `seconds`; the server writes down who looked and why. */
  async function unmask(fields: string[], reason: string, seconds = 60): Promise<boolean> {
    const given = await doing.run(() => api.POST('/api/records/{kind}/{id}/unmask', { ...here, body: { fields, reason } }))
    if (!given)
      return false
    shown.value = { ...shown.value, ...given.fields }
    setTimeout(() => {
      shown.value = Object.fromEntries(Object.entries(shown.value).filter(([name]) => !fields.includes(name)))
    }, seconds * 1000)
    return true
  }
  async function addFile(field: string, file: File) {
    const added = await doing.run(() => uploadFile(kind, id, field, file))
    if (added && record.value)
      record.value = { ...record.value, files: [...record.value.files, added] }
    return added
  }
  /** After a conflict: my wish once more on the newest version, or drop it. */
  async function resolve(keepMine: boolean) {
    const met = conflict.value
    conflict.value = null
    if (!met)
      return false
    record.value = met.theirs
    return keepMine ? met.again() : false
  }
  return { record, history, conflict, shown, loading: reading.busy, refusal: reading.refusal, busy: doing.busy, actionRefusal: doing.refusal,
    clear: doing.clear, load, act, change, withdraw, unmask, addFile, resolve }
}
export type RecordHandle = ReturnType<typeof useRecord>
