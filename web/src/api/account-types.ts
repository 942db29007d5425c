// SPDX-License-Identifier: Apache-2.0
/** What an account signs in with beside its password. */
export interface SecondFactor { confirmed: boolean, needed: boolean, recovery_left: number }
export interface ApiToken { id: string, name: string, grants: string[], read_only: boolean, created_at: string, expires_at: string }
