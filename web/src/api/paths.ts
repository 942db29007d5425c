// SPDX-License-Identifier: Apache-2.0
/** The routes the web calls, by method, with what they take and give. Record routes are the same for every kind. */
import type { Board, Replay, SolvedShare } from './board-types'
import type * as A from './account-types'
import type * as D from './decision-types'
import type * as F from './follow-types'
import type * as M from './map-types'
import type * as L from './ledger-types'
import type * as R from './registry-types'
import type * as P from './plan-types'
import type * as T from './types'

interface Json<R> { content: { 'application/json': R } }
type Words = Record<string, string | number | boolean | undefined>
interface Taken<Path, Query> { query?: Query, path?: Path, header?: Record<string, string>, cookie?: never }
interface Given<R> { 200: Json<R>, default: { content: { 'application/problem+json': T.ProblemDocument } } }
interface Read<R, Query = never, Path = never> { parameters: Taken<Path, Query>, responses: Given<R> }
interface Write<R, Body = never, Path = never, Query = never> {
  parameters: Taken<Path, Query>
  requestBody?: Json<Body>
  responses: Given<R>
}
interface Id { id: string }
interface KindId { kind: string, id: string }
interface Where { area: string, period: string }
interface SignIn { login: string, password: string }

export interface Paths {
  '/api/me': { get: Read<T.Me> }
  '/api/session': { post: Write<T.Me | { second_factor: string }, SignIn>, delete: Write<undefined> }
  '/api/session/second': { post: Write<T.Me, { challenge: string, code: string }> }
  '/api/session/expired': { post: Write<T.Me, SignIn & { new: string, code?: string }> }
  '/api/session/reset': { post: Write<undefined, { token: string, password: string }> }
  '/api/session/step-up': { post: Write<{ stepped_up_until: string }, { password?: string, code?: string }> }
  '/api/sessions': { get: Read<{ sessions: T.SignInSession[] }> }
  '/api/sessions/{id}': { delete: Write<undefined, never, Id> }
  '/api/account/password': { post: Write<undefined, { old: string, new: string }> }
  '/api/account/factor': { get: Read<A.SecondFactor>, post: Write<{ secret: string, uri: string }>, delete: Write<undefined> }
  '/api/account/factor/confirm': { post: Write<{ recovery_codes: string[] }, { code: string }> }
  '/api/account/tokens': {
    get: Read<{ tokens: A.ApiToken[] }>
    post: Write<{ id: string, token: string, expires_at: string }, { name: string, days: number, grants: string[], read_only: boolean }>
  }
  '/api/account/tokens/{id}': { delete: Write<undefined, never, Id> }
  '/api/account/views': { get: Read<{ views: A.SavedView[] }, { kind: string }>, post: Write<{ views: A.SavedView[] }, { kind: string, name: string, query: string }> }
  '/api/account/views/{id}': { delete: Write<undefined, never, Id> }
  '/api/account/notify': { get: Read<A.Notify>, put: Write<A.Notify, A.NotifyWish> }
  '/api/account/notify/{channel}': { post: Write<A.Notify, { address: string, language: string }, { channel: string }>, delete: Write<A.Notify, never, { channel: string }> }
  '/api/account/notify/{channel}/confirm': { post: Write<A.Notify, { code: string }, { channel: string }> }
  '/api/outbox': { get: Read<A.Outbox, { status?: string, limit?: number, cursor?: string }> }
  '/api/outbox/{id}/retry': { post: Write<A.OutboxMessage, never, Id> }
  '/api/outbox/{id}/give-up': { post: Write<A.OutboxMessage, never, Id> }
  '/api/demo': { get: Read<{ accounts: T.DemoAccount[], password: string }> }
  '/api/setup': { get: Read<{ needed: boolean }>, post: Write<T.Me, SignIn & { token: string, name: string }> }
  '/api/duplicates': { get: Read<{ pairs: R.Pair[], more: boolean }, { area?: string, state?: string }> }
  '/api/duplicates/{first}/{second}/decision': { post: Write<{ merge: string | null, kept: string | null }, { decision: R.Decision, keep?: string, reason?: string }, { first: string, second: string }> }
  '/api/merges': { get: Read<{ merges: R.Merge[] }, { area?: string }> }
  '/api/merges/{id}/undo': { post: Write<undefined, { reason?: string }, Id> }
  '/api/units': {
    get: Read<{ units: T.Unit[] }, { area?: string, under?: string, kind?: string, q?: string, limit?: number }>
    post: Write<T.Unit, { name: string, kind: string, area: string, phone?: string, office?: boolean }>
  }
  '/api/units/{id}': { patch: Write<T.Unit, { name?: string, phone?: string, enabled?: boolean }, Id> }
  '/api/accounts': {
    get: Read<{ accounts: T.Account[], next: string | null }, { q?: string, area?: string, role?: string, limit?: number, cursor?: string }>
    post: Write<T.Account, { login: string, name: string }>
  }
  '/api/accounts/{id}': { get: Read<T.Account, never, Id>, patch: Write<T.Account, { name?: string, enabled?: boolean }, Id> }
  '/api/accounts/{id}/reset': { post: Write<{ token: string, expires_at: string }, never, Id> }
  '/api/accounts/{id}/factor': { delete: Write<T.Account, never, Id> }
  '/api/accounts/{id}/sessions': { get: Read<{ sessions: T.SignInSession[] }, never, Id> }
  '/api/accounts/{id}/sessions/{session}': { delete: Write<undefined, never, Id & { session: string }> }
  '/api/accounts/{id}/tokens': { get: Read<{ tokens: A.ApiToken[] }, never, Id> }
  '/api/accounts/{id}/tokens/{token}': { delete: Write<undefined, never, Id & { token: string }> }
  '/api/accounts/{id}/grants': { post: Write<T.Account, { role: string, area: string, unit?: string, head?: boolean }, Id> }
  '/api/accounts/{id}/grants/{grant}': { delete: Write<T.Account | undefined, never, Id & { grant: string }> }
  '/api/roles': { get: Read<{ roles: T.Role[] }> }
  '/api/audit': {
    get: Read<{ lines: T.AuditLine[], next: string | null },
      { kind?: string, action?: string, account?: string, area?: string, cursor?: string, limit?: number }>
  }
  '/api/areas': {
    get: Read<{ areas: T.Area[], total: number }, { under?: string, level?: string, at?: string, q?: string, limit?: number }>
    post: Write<T.AreaDetail, { parent: string, level: string, code?: string, name: string }>
  }
  '/api/area-decisions': { get: Read<{ decisions: D.Decision[] }, { state?: string, limit?: number }>, post: Write<D.Decision, D.Proposal> }
  '/api/area-decisions/preview': { post: Write<D.Preview, D.Proposal> }
  '/api/area-decisions/{id}/preview': { get: Read<D.Preview, never, Id> }
  '/api/area-decisions/{id}/approve': { post: Write<D.Decision, never, Id> }
  '/api/area-decisions/{id}/withdraw': { post: Write<D.Decision, never, Id> }
  '/api/area-decisions/{id}/apply': { post: Write<D.Decision, never, Id> }
  '/api/area-decisions/{id}/undo': { post: Write<D.Decision, never, Id> }
  '/api/areas/{id}': { get: Read<T.AreaDetail, never, Id> }
  '/api/catalogue': { get: Read<T.Catalogue, { area?: string }> }
  '/api/records/{kind}': {
    get: Read<{ records: T.RecordLine[], next: string | null, count: number | null, count_capped: boolean }, Words, { kind: string }>
    post: Write<T.FullRecord, { area: string, fields: T.Fields }, { kind: string }>
  }
  '/api/records/{kind}/{id}': {
    get: Read<T.FullRecord, never, KindId>
    patch: Write<T.FullRecord, { fields: T.Fields, area?: string }, KindId>
  }
  '/api/records/{kind}/{id}/withdraw': { post: Write<T.FullRecord, { reason: string }, KindId> }
  '/api/records/{kind}/{id}/actions/{action}': { post: Write<T.FullRecord, T.ActionInputs, KindId & { action: string }> }
  '/api/records/{kind}/{id}/unmask': { post: Write<{ fields: T.Fields }, { fields: string[], reason: string }, KindId> }
  '/api/records/{kind}/{id}/history': { get: Read<{ entries: T.HistoryEntry[] }, never, KindId> }
  '/api/records/{kind}/duplicates': { post: Write<{ hints: F.Hint[] }, { area: string, fields: T.Fields }, { kind: string }> }
  '/api/records/{kind}/{id}/follow': { post: Write<{ followers: number, following: boolean }, never, KindId>, delete: Write<{ followers: number, following: boolean }, never, KindId> }
  '/api/records/{kind}/{id}/follow/read': { post: Write<undefined, never, KindId> }
  '/api/follows': { get: Read<{ follows: F.Followed[] }> }
  '/api/search': { get: Read<{ results: T.RecordLine[] }, { q: string, area?: string, limit?: number }> }
  '/api/inbox': {
    get: Read<{ items: T.InboxItem[], next: string | null }, { tab?: string, area?: string, limit?: number, cursor?: string }>
  }
  '/api/inbox/counts': { get: Read<T.InboxCounts> }
  '/api/notices': { get: Read<{ notices: T.Notice[] }, { unread?: number, limit?: number }> }
  '/api/notices/{id}/read': { post: Write<undefined, never, Id> }
  '/api/routing/{kind}': { get: Read<Replay, { area?: string, from?: string, to?: string, when?: string, words?: string }, { kind: string }> }
  '/api/return-visits/estimate': { get: Read<{ units: SolvedShare[] }, { area: string, days?: number }> }
  '/api/board': { get: Read<Board, { kind?: string, area?: string, days?: number, map?: string }> }
  '/api/plans': { get: Read<{ plans: P.PlanBrief[] }> }
  '/api/plans/{plan}': { get: Read<P.PlanAnswer, Where, { plan: string }> }
  '/api/plans/{plan}/areas': { get: Read<P.PlanTable, Where, { plan: string }> }
  '/api/plans/{plan}/indicators/{indicator}': { get: Read<P.IndicatorAnswer, Where, { plan: string, indicator: string }> }
  '/api/indicators/{indicator}/values': { post: Write<P.ManualEntry, P.NewEntry, { indicator: string }> }
  '/api/counters/{counter}/records': { get: Read<P.Proof, Where & { limit?: number, cursor?: string }, { counter: string }> }
  '/api/ledgers/{plan}': { get: Read<L.LedgerView, { area: string }, { plan: string }> }
  '/api/spatial': { get: Read<M.MapFacts, { area: string }> }
  '/api/spatial/streets': { get: Read<M.MapStreets, { area: string, box?: string, metres?: number }> }
  '/api/spatial/places': { get: Read<{ places: M.MapPlace[] }, { area: string, box?: string }> }
  '/api/spatial/dwellings': { get: Read<{ dwellings: M.MapDwelling[], left_out: number }, { area: string, box?: string, metres?: number, circle?: string, day?: number }> }
  '/api/spatial/outlines': { get: Read<{ areas: M.MapOutline[] }, { area: string }> }
  '/api/spatial/coverage': { get: Read<M.Coverage, { area: string, circle: string, day?: number }> }
  '/api/spatial/gaps': { get: Read<{ gaps: M.Gap[], left_out: number }, { area: string, circle: string, day?: number }> }
  '/api/spatial/what-if': { get: Read<M.WhatIf, { area: string, circle: string, day?: number, place?: number, to?: string, kind?: string }> }
  '/api/spatial/isochrone': { get: Read<M.Isochrone, { area: string, at: string, minutes?: number, walker?: string }> }
  '/api/spatial/studies': { post: Write<M.MapJob, M.StudyOrder> }
  '/api/spatial/districts': { post: Write<M.MapJob, M.DistrictOrder> }
  '/api/spatial/jobs': { get: Read<{ jobs: M.MapJob[] }> }
  '/api/spatial/jobs/{id}': { get: Read<M.MapJob, never, Id>, delete: Write<undefined, never, Id> }
  '/api/clocks/why': { get: Read<T.ClockWhy, { kind: string, id: string, clock: string }> }
}
