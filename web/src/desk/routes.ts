// SPDX-License-Identifier: Apache-2.0
import type { RouteRecordRaw } from 'vue-router'
import { routes as ledger } from '@/ledger/routes'

export const routes: RouteRecordRaw[] = [{
  path: '/desk',
  component: () => import('./DeskLayout.vue'),
  meta: { face: 'desk' },
  children: [
    { path: '', redirect: to => ({ path: '/desk/inbox', query: to.query }) },
    { path: 'inbox/:kind?/:id?', name: 'inbox', component: () => import('./InboxPage.vue') },
    { path: 'search', name: 'search', component: () => import('./SearchPage.vue') },
    { path: 'supervision', name: 'supervision', component: () => import('./SupervisionPage.vue') },
    { path: 'routing', name: 'routing', component: () => import('./RoutingPage.vue') },
    { path: 'duplicates', name: 'duplicates', component: () => import('./DuplicatesPage.vue') },
    { path: 'notices', name: 'notices', component: () => import('./NoticesPage.vue') },
    { path: 'me', name: 'desk-me', component: () => import('./AccountPage.vue') },
    ...ledger,
    { path: 'r/:kind/new', name: 'create', component: () => import('./CreatePage.vue') },
    { path: 'r/:kind/:id?', name: 'records', component: () => import('./RecordsPage.vue') },
  ],
}]
