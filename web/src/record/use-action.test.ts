// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import type { Kind } from '@/api/types'
import { useAction } from './use-action'

const kind = {
  name: 'request', title: { zh: '', en: '' }, subject: '', icon: '', levels: [], title_fields: [], list_fields: [], views: [], states: [], actions: [], clocks: [], escalation: [],
  fields: [{ name: 'handling', title: { zh: '办理方式', en: 'Handling' }, type: 'choice', list: 'handling_class' }],
} satisfies Kind

describe('what an action asks', () => {
  it('inputs in their own order, fields of the record beside them', () => {
    const action = useAction({ needs: ['handling', 'lead_unit'], may: ['reason', 'assist_units'] }, kind)
    expect(action.asked).toEqual(['reason', 'lead_unit', 'assist_units'])
    expect(action.fields.map(field => field.name)).toEqual(['handling'])
    expect(action.lacking.value).toEqual(['lead_unit', 'handling'])
  })
  it('shows problems only after a try', () => {
    const action = useAction({ needs: ['reason'], may: [] }, kind)
    expect(action.problems.value).toEqual({})
    action.tried.value = true
    expect(action.problems.value.reason?.code).toBe('required')
  })
  it('a field that may be given is not demanded, though the form of the kind demands it, and goes only if it was changed', () => {
    const strict = { ...kind, fields: kind.fields.map(field => ({ ...field, required: true })) }
    const action = useAction({ needs: [], may: ['handling'] }, strict, { handling: 'tracked' })
    expect(action.lacking.value).toEqual([])
    expect(action.body()).toEqual({})
    action.values.value = { handling: 'immediate' }
    expect(action.body()).toEqual({ fields: { handling: 'immediate' } })
  })
  it('of what is masked, only what was typed anew; the mask itself is never sent', () => {
    const secret = { ...kind, fields: [{ name: 'phone', title: { zh: '', en: '' }, type: 'phone' as const, required: true }] }
    const action = useAction({ needs: ['phone'], may: [] }, secret, { phone: '138****5678' }, ['phone'])
    expect(action.values.value).toEqual({ phone: null })
    expect(action.masks).toEqual({ phone: '138****5678' })
    expect(action.lacking.value).toEqual([])
    expect(action.body()).toEqual({})
    action.values.value = { phone: '13900001111' }
    expect(action.body()).toEqual({ fields: { phone: '13900001111' } })
  })
  it('sends only what was given', () => {
    const action = useAction({ needs: ['result', 'evidence'], may: ['reason'] }, kind)
    action.form.result = ' 已更换灯泡 '
    expect(action.body(['17'])).toEqual({ result: '已更换灯泡', evidence: { files: ['17'] } })
  })
})

describe('what was written for an action', () => {
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })
  it('is there again after the page was left; of the fields only what was changed', async () => {
    vi.useFakeTimers()
    const kept = new Map<string, string>()
    vi.stubGlobal('localStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, text: string) => void kept.set(key, text), removeItem: (key: string) => void kept.delete(key) })
    const needs = { needs: ['result'], may: ['handling', 'urgent'] }
    const both = { ...kind, fields: [...kind.fields, { name: 'urgent', title: { zh: '', en: '' }, type: 'bool' as const }] }
    const before = useAction(needs, both, { handling: 'tracked', urgent: false }, [], '9.resolve')
    expect(before.dirty.value).toBe(false)
    before.form.result = '已更换灯泡'
    before.values.value = { ...before.values.value, urgent: true }
    expect(before.dirty.value).toBe(true)
    await nextTick()
    vi.advanceTimersByTime(500)
    const after = useAction(needs, both, { handling: 'immediate', urgent: false }, [], '9.resolve')
    expect(after.body()).toEqual({ result: '已更换灯泡', fields: { urgent: true } })
    expect(after.values.value).toEqual({ handling: 'immediate', urgent: true })
    after.drop()
    expect(useAction(needs, both, {}, [], '9.resolve').dirty.value).toBe(false)
  })
})
