// SPDX-License-Identifier: Apache-2.0
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/plan', name: 'plan', component: () => import('./PlanPage.vue'), meta: { face: 'board' } },
]
