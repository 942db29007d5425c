// SPDX-License-Identifier: Apache-2.0
/** What an account signs in with beside its password. */
export interface SecondFactor { confirmed: boolean, needed: boolean, recovery_left: number }
export interface ApiToken { id: string, name: string, grants: string[], read_only: boolean, created_at: string, expires_at: string }
/** A list of a kind as it was narrowed, under a name; `query` as in the address of the page. */
export interface SavedView { id: string, name: string, query: string }
/** How an account is told outside of the system. Addresses are masked; quiet hours in minutes of the day. */
export type NotifyChannel = 'mail' | 'sms'
export interface NotifyWay { channel: NotifyChannel, offered: boolean, address: string, confirmed: boolean }
export interface NotifyWish {
  language: 'zh' | 'en'
  remind: NotifyChannel[]
  escalate: NotifyChannel[]
  moved: NotifyChannel[]
  quiet_from: number
  quiet_to: number
  urgent_breaks: boolean
}
export interface Notify extends NotifyWish { channels: NotifyWay[] }
export interface OutboxMessage {
  id: string
  name: string
  channel: NotifyChannel
  what: string
  kind: string
  number: string
  status: 'waiting' | 'sending' | 'sent' | 'failed' | 'given_up'
  tries: number
  urgent: boolean
  reason: string
  created_at: string
  next_at: string | null
}
export interface Outbox { messages: OutboxMessage[], next: string | null, offered: NotifyChannel[], waiting: number, sending: number, failed: number, given_up: number }
