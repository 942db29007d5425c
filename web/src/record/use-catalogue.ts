// SPDX-License-Identifier: Apache-2.0
/** Kinds, lists and roles as seen in an area; asked once per area and kept. */
import { computed, shallowRef } from 'vue'
import { api } from '@/api/client'
import { useCall } from '@/api/use-call'
import type { Catalogue, Choice, FieldSpec, Kind } from '@/api/types'
import { say } from '@/shell/i18n'

const kept = new Map<string, Catalogue>()
const catalogue = shallowRef<Catalogue | null>(null)

export function useCatalogue() {
  const { busy, refusal, run } = useCall()

  async function load(area?: string) {
    const key = area ?? ''
    const known = kept.get(key)
    if (known) {
      catalogue.value = known
      return known
    }
    const given = await run(() => api.GET('/api/catalogue', { params: { query: { area } } }))
    if (given) {
      kept.set(key, given)
      catalogue.value = given
    }
    return given
  }
  const kind = (name: string): Kind | undefined => catalogue.value?.kinds[name]
  const choices = (list: string | undefined): Choice[] => catalogue.value?.lists[list ?? '']?.choices ?? []
  const open = (list: string | undefined) => choices(list).filter(choice => !choice.hidden)
  const choice = (list: string | undefined, key: unknown) => choices(list).find(one => one.key === key)
  const choiceTitle = (list: string | undefined, key: unknown) => say(choice(list, key)?.title) || String(key ?? '')
  const stateTitle = (kindName: string, state: string | null | undefined) =>
    say(kind(kindName)?.states?.find(one => one.name === state)?.title) || (state ?? '')
  const plainState = (kindName: string, state: string) => {
    const spec = kind(kindName)?.states?.find(one => one.name === state)
    return say(spec?.plain) || say(spec?.title) || state
  }
  /** What waits bears the Chinese title that it was filed with; one that is a choice's is said in the language of the page. */
  const waitingTitle = (waiting: { kind: string, title: string }) => {
    const named = fieldOfKind(kind(waiting.kind), kind(waiting.kind)?.title_fields[0] ?? '')
    return say(choices(named?.list).find(one => one.title.zh === waiting.title)?.title) || waiting.title
  }
  const roleTitle = (name: string | null | undefined) => say(catalogue.value?.roles.find(role => role.name === name)?.title) || (name ?? '')
  /** The kinds with the richest life first: they are what the day is about. */
  const kinds = computed(() => Object.values(catalogue.value?.kinds ?? {}).sort((a, b) => b.states.length - a.states.length))
  return { catalogue, kinds, busy, refusal, load, kind, choices, open, choice, choiceTitle, stateTitle, plainState, waitingTitle, roleTitle }
}

export function fieldOfKind(kind: Kind | undefined, name: string): FieldSpec | undefined {
  return kind?.fields.find(field => field.name === name)
}
/** For a test or after the catalogue was changed under a running page. */
export function forgetCatalogue() {
  kept.clear()
  catalogue.value = null
}
