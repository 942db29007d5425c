// SPDX-License-Identifier: Apache-2.0
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { readReady } from '@/api/metrics'
import { setHelpers } from '@/api/use-call'
import type { Face } from '@/api/types'
import { routes as resident } from '@/resident/routes'
import { routes as desk } from '@/desk/routes'
import { routes as board } from '@/board/routes'
import { routes as map } from '@/map/routes'
import { routes as plan } from '@/plan/routes'
import { routes as field } from '@/field/routes'
import { routes as admin } from '@/admin/routes'
import { toast } from '@/ui/toast'
import { i18n } from './i18n'
import { focusPage, watchTitle } from './page-title'
import { facePath, facesOf, loadMe, setMe, startFace } from './use-me'
import { askPassword } from './step-up'

declare module 'vue-router' {
  interface RouteMeta { face?: Face, open?: boolean, phone?: boolean }
}

const shell: RouteRecordRaw[] = [
  { path: '/sign-in', name: 'sign-in', component: () => import('./SignInPage.vue'), meta: { open: true } },
  { path: '/setup', name: 'setup', component: () => import('./SetupPage.vue'), meta: { open: true } },
  { path: '/reset', name: 'reset', component: () => import('./ResetPage.vue'), meta: { open: true } },
  { path: '/second-factor', name: 'second-factor', component: () => import('../account/FactorPage.vue') },
  { path: '/no-right', name: 'no-right', component: () => import('./NoRightPage.vue'), meta: { open: true } },
  { path: '/:rest(.*)*', name: 'missing', component: () => import('./MissingPage.vue'), meta: { open: true } },
]

export const router = createRouter({
  history: createWebHistory(),
  routes: [...resident, ...desk, ...board, ...map, ...plan, ...field, ...admin, ...shell],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

router.beforeEach(async to => {
  document.documentElement.dataset.face = to.meta.phone ? 'phone' : 'desk'
  if (to.meta.open)
    return true
  const me = await loadMe()
  if (!me)
    return { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
  if (me.factor_needed)
    return to.name === 'second-factor' || { name: 'second-factor' }
  const faces = facesOf(me)
  if (!to.meta.face || faces.includes(to.meta.face))
    return true
  const start = startFace(me.grants)
  if (to.path === '/' && start !== 'resident')
    return facePath[start]
  return { name: 'no-right' }
})

watchTitle(router)
router.afterEach((to, from) => {
  if (from.name && to.name !== from.name)
    void focusPage()
})

/** After an upgrade the pages of the version before are gone; loading anew brings the new one. Not twice in a row. */
const anew = 'linli.loaded-anew'
router.onError(async (error, to) => {
  if (!/dynamically imported module|importing a module script|preload/i.test(String(error)))
    throw error
  const lately = Date.now() - Number(sessionStorage.getItem(anew) ?? 0) < 20_000
  if (lately || !(await readReady().catch(() => ({ data: false }))).data) {
    toast(i18n.global.t('shell.page_failed'), 'late')
    return
  }
  sessionStorage.setItem(anew, String(Date.now()))
  location.assign(to.fullPath)
})

setHelpers({
  stepUp: askPassword,
  signedOut() {
    setMe(null)
    const here = router.currentRoute.value
    if (!here.meta.open)
      void router.replace({ name: 'sign-in', query: { next: here.fullPath } })
  },
})
