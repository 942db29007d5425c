// SPDX-License-Identifier: Apache-2.0
/** What the server says about things whose shape is known at run time only: the catalogue, records, and what lists them. */

export interface Title { zh: string, en: string }
export interface AreaName { id: string, name: string }
export interface AreaStep extends AreaName { level: Level }
export type Level = 'province' | 'city' | 'county' | 'subdistrict' | 'community' | 'grid' | 'compound' | 'building'

export interface Area extends AreaStep {
  code: string
  kind: string
  urban_rural: string
  counted: boolean
  parent: string | null
  children: number
}
export interface AreaVersion { from: string, to: string | null, code: string, name: string, parent: AreaName | string | null }
export interface AreaDetail extends Omit<Area, 'parent'> {
  path: AreaStep[]
  office: { id: string, name: string, phone: string, hours: { open: boolean, today: { from: string, to: string }[], opens_at: string | null } } | null
  /** Grid workers, for who lives or works there. */
  workers: { name: string, phone: string, area: string, area_name: string }[]
  versions: AreaVersion[]
  /** Days on which what belongs to it was split, merged or moved. */
  changed: string[]
}

export interface UnitName { id: string, name: string }
export interface Unit extends UnitName { version: number, kind: string, area: AreaName, office: boolean, phone: string, enabled: boolean }

export type Face = 'resident' | 'field' | 'desk' | 'board' | 'admin'
export interface Grant {
  id: string
  role: string
  role_title: Title
  face: Face
  area: AreaStep & { code: string, path: AreaStep[] }
  unit: (UnitName & { kind: string }) | null
  head: boolean
}
export interface KindRights { create: boolean, read: boolean, export: boolean, import: boolean, change: boolean }
export interface Me {
  account: { id: string, login: string, name: string, person: string | null }
  grants: Grant[]
  rights: string[]
  csrf: string
  stepped_up_until: string | null
  demo: boolean
  factor_needed: boolean
  kinds: Record<string, KindRights>
}
export interface DemoAccount { login: string, name: string, role: string, role_title: Title, area_name: string, face: Face }
export interface SignInSession { id: string, created_at: string, seen_at: string, agent: string, current: boolean }
export interface AccountGrant { id: string, role: string, area: AreaName, unit: UnitName | null, head: boolean }
export interface Account {
  id: string
  login: string
  name: string
  enabled: boolean
  created_at: string
  version: number
  second_factor: boolean
  grants: AccountGrant[]
}
export interface Role {
  name: string
  title: Title
  levels: Level[]
  unit: boolean
  face: Face
  rights: string[]
  excludes: string[]
}
export interface AuditLine {
  county: string
  position: string | number
  at: string
  actor: { id: string, name: string } | null
  role: string | null
  kind: string
  record: string
  action: string
  area: AreaName | null
  state_before: string | null
  state_after: string | null
  fields: string[]
  detail: string | null
  hash: string
}

export type FieldType = 'text' | 'int' | 'decimal' | 'money' | 'bool' | 'date' | 'instant' | 'duration' | 'choice' | 'choices'
  | 'ref' | 'refs' | 'point' | 'phone' | 'id_number' | 'file' | 'extra'
export interface FieldSpec {
  name: string
  title: Title
  help?: Title | null
  type: FieldType
  class?: 'public' | 'internal' | 'personal' | 'sensitive' | 'important'
  mask?: string
  required?: boolean
  list?: string
  to?: string
  accept?: 'image' | 'document' | 'any'
  by?: string
  max?: number
  least?: number | null
  most?: number | null
  scale?: number
  unit?: string
  multiline?: boolean
  search?: boolean
  when?: boolean
  when_tree?: WhenTree
}
/** A condition of the catalogue as the server parsed it. */
export type WhenTree = { literal: string | number | boolean | null } | { date: string } | { months: number, minutes: number } | { name: string } | { op: string, args: WhenTree[] }
export interface StateSpec { name: string, title: Title, plain?: Title, final?: boolean, pauses?: string[], waits_for?: string[] }
export interface ActionSpec {
  name: string
  title: Title
  from: string[]
  to: string
  by: string[]
  needs: string[]
  may: string[]
  limit?: number
  within?: string | null
  after?: string | null
  danger?: boolean
}
export interface ClockSpec { name: string, title: Title, from: string, until: string, by?: string, due?: string, limits: Record<string, string> }
export interface EscalationSpec { at: number | string, of: string, do: string, to: string }
export interface View { name: string, title: Title, states?: string[] }
export interface Kind {
  name: string
  title: Title
  subject: string
  icon: string
  levels: Level[]
  title_fields: string[]
  list_fields: string[]
  search?: boolean
  fields: FieldSpec[]
  views: View[]
  states: StateSpec[]
  actions: ActionSpec[]
  clocks: ClockSpec[]
  escalation: EscalationSpec[]
  flow_version?: number
}
export interface Choice {
  key: string
  title: Title
  parent?: string
  attributes?: Record<string, unknown> | null
  hidden?: boolean
  questions?: FieldSpec[]
}
export interface Catalogue {
  digest: string
  kinds: Record<string, Kind>
  lists: Record<string, { title: Title, choices: Choice[] }>
  roles: { name: string, title: Title, face: Face }[]
}

export type FieldValue = string | number | boolean | null | string[] | { [key: string]: FieldValue }
export type Fields = Record<string, FieldValue | undefined>
export interface RecordLine {
  id: string
  kind: string
  number: string
  title: string
  title_en?: string
  area: AreaName
  place: string
  state: string
  version: number
  created_at: string
  updated_at: string
  unit: UnitName | null
  due_at: string | null
  overdue: boolean
  urgent: boolean
  fields: Fields
  masked: string[]
}
export interface RecordClock {
  name: string
  title: Title
  state: 'running' | 'paused' | 'stopped'
  limit: string
  calendar: string
  started_at: string
  due_at: string | null
  breached_at: string | null
  stopped_at: string | null
  paused_ms: number
}
export interface RecordAction { name: string, title: Title, as: string, needs: string[], may: string[], danger?: boolean, proof?: boolean }
export interface RecordFile { id: string, field: string, name: string, type: string, size: number, at: string }
export interface FullRecord extends RecordLine {
  created_by: { id: string, name: string } | null
  own: boolean
  path: AreaStep[]
  clocks: RecordClock[]
  parties: { unit: UnitName & { phone: string }, role: 'lead' | 'assist' }[]
  actions: RecordAction[]
  can: { change: string[], withdraw: boolean, unmask: string[], files: boolean }
  files: RecordFile[]
}
export interface HistoryEntry {
  at: string
  actor: { name: string, role_title: Title } | null
  as: string | null
  action: string
  title: Title
  state_before: string | null
  state_after: string | null
  reason: string | null
  result: string | null
  evidence: { note?: string, word?: string, place?: { lat: number, lon: number }, files?: (string | RecordFile)[] } | null
  unit: UnitName | null
  changes: { field: string, before: FieldValue, after: FieldValue }[]
  system: boolean
}
export interface ActionInputs {
  reason?: string
  lead_unit?: string
  assist_units?: string[]
  result?: string
  evidence?: { note?: string, word?: string, place?: { lat: number, lon: number }, files?: string[] }
  fields?: Fields
}
export interface ImportProblem { row: number, column: string, code: string, detail: string }
export interface ImportResult { rows: number, created: number, changed: number, problems: ImportProblem[], created_ids?: string[] }

export interface InboxItem {
  kind: string
  kind_title: Title
  id: string
  number: string
  title: string
  state: string
  state_title: Title
  area: AreaName
  unit: UnitName | null
  due_at: string | null
  clock: string | null
  clock_title: Title | null
  overdue: boolean
  urgent: boolean
  raised: boolean
  since: string
}
export interface InboxCounts { mine: number, unit: number, raised: number, overdue: number, urgent: number, notices: number }
export interface Notice {
  id: string
  what: 'remind' | 'urge' | 'raise' | 'moved'
  kind: string
  record: string
  number: string
  title: string
  clock: string
  /** Of a followed record that moved. */
  state: Title
  at: string
  read_at: string | null
}
export interface ClockWhy {
  clock: string
  limit: string
  calendar: string
  started_at: string
  due_at: string | null
  pauses: { from: string, to: string | null }[]
  days: { date: string, minutes: number, kind: 'work' | 'off' | 'makeup' | 'half' }[]
}
export interface Problem { pointer: string, code: string, detail: string }
export interface ProblemDocument {
  status: number
  code: string
  title?: string
  detail?: string
  problems?: Problem[]
  request_id?: string
  request?: string
}
