// SPDX-License-Identifier: Apache-2.0
/** What an account signs in with beside its password. */
export interface SecondFactor { confirmed: boolean, needed: boolean, recovery_left: number }
export interface ApiToken { id: string, name: string, grants: string[], read_only: boolean, created_at: string, expires_at: string }
/** A list of a kind as it was narrowed, under a name; `query` as in the address of the page. */
export interface SavedView { id: string, name: string, query: string }
