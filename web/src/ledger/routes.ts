// SPDX-License-Identifier: Apache-2.0
import type { RouteRecordRaw } from 'vue-router'

/** Within the desk. */
export const routes: RouteRecordRaw[] = [
  { path: 'ledger', name: 'ledger', component: () => import('./LedgerPage.vue') },
]
