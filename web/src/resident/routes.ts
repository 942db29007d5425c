// SPDX-License-Identifier: Apache-2.0
import type { RouteRecordRaw } from 'vue-router'

const phone = { phone: true }

export const routes: RouteRecordRaw[] = [{
  path: '/',
  component: () => import('./ResidentLayout.vue'),
  meta: { face: 'resident', ...phone },
  children: [
    { path: '', name: 'home', component: () => import('./HomePage.vue'), meta: phone },
    { path: 'report', name: 'report', component: () => import('./ReportPage.vue'), meta: phone },
    { path: 'receipt/:id', name: 'receipt', component: () => import('./ReceiptPage.vue'), meta: phone },
    { path: 'requests', name: 'requests', component: () => import('./RequestsPage.vue'), meta: phone },
    { path: 'requests/:id', name: 'request', component: () => import('./RequestPage.vue'), props: true, meta: phone },
    { path: 'services', name: 'services', component: () => import('./ServicesPage.vue'), meta: phone },
    { path: 'activities', name: 'activities', component: () => import('./ActivitiesPage.vue'), meta: phone },
    { path: 'notices/:id', name: 'notice', component: () => import('./NoticePage.vue'), props: true, meta: phone },
    { path: 'file/:kind', name: 'file', component: () => import('./FilePage.vue'), meta: phone },
    { path: 'records/:kind/:id', name: 'my-record', component: () => import('./RequestPage.vue'), props: true, meta: phone },
    { path: 'me', name: 'me', component: () => import('./MePage.vue'), meta: phone },
  ],
}]
