// SPDX-License-Identifier: Apache-2.0
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/map', name: 'map', component: () => import('./MapPage.vue'), meta: { face: 'desk' } },
]
