// SPDX-License-Identifier: Apache-2.0
import type { RouteRecordRaw } from 'vue-router'

const phone = { phone: true }
const base = '/field'

/** The grid worker's phone: what is due today, reporting for others, and the same record pages as everywhere. */
export const routes: RouteRecordRaw[] = [{
  path: base,
  component: () => import('./FieldLayout.vue'),
  meta: { face: 'field', ...phone },
  children: [
    { path: '', name: 'today', component: () => import('./TodayPage.vue'), meta: phone },
    { path: 'report', name: 'field-report', component: () => import('@/resident/ReportPage.vue'), props: { base }, meta: phone },
    { path: 'receipt/:id', name: 'field-receipt', component: () => import('@/resident/ReceiptPage.vue'), props: { base }, meta: phone },
    { path: 'all', name: 'field-all', component: () => import('./AllPage.vue'), meta: phone },
    { path: 'file/:kind', name: 'field-file', component: () => import('@/resident/FilePage.vue'), props: { base }, meta: phone },
    { path: 'records/:kind/:id', name: 'field-record', component: () => import('@/resident/RecordPage.vue'), props: { base }, meta: phone },
    { path: 'me', name: 'field-me', component: () => import('@/resident/MePage.vue'), meta: phone },
  ],
}]
