// SPDX-License-Identifier: Apache-2.0
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [{
  path: '/admin',
  component: () => import('./AdminLayout.vue'),
  meta: { face: 'admin' },
  children: [
    { path: '', name: 'admin', component: () => import('./StartPage.vue') },
    { path: 'accounts/:id?', name: 'accounts', component: () => import('./AccountsPage.vue') },
    { path: 'areas/:id?', name: 'areas', component: () => import('./AreasPage.vue') },
    { path: 'decisions', name: 'decisions', component: () => import('./DecisionsPage.vue') },
    { path: 'units', name: 'units', component: () => import('./UnitsPage.vue') },
    { path: 'catalogue/:kind?', name: 'catalogue', component: () => import('./CataloguePage.vue') },
    { path: 'audit', name: 'audit', component: () => import('./AuditPage.vue') },
    { path: 'outbox', name: 'outbox', component: () => import('./OutboxPage.vue') },
    { path: 'health', name: 'health', component: () => import('./HealthPage.vue') },
    { path: 'me', name: 'admin-me', component: () => import('../desk/AccountPage.vue') },
  ],
}]
