// The pages of which pictures are taken: who looks, where, and what must be there first.
const wait = selector => tab => tab.waitForSelector(selector, { timeout: 12000, state: 'attached' })
const records = async (request, base, query) => {
  const answer = await (await request.get(`${base}/api/records/request?limit=1&${query}`)).json()
  return answer.records?.[0]?.id
}
const desk = 'community_desk'
const phone = [360, 768]

export const pages = [
  { name: 'sign-in', path: '/sign-in', ready: wait('.demo-card, [data-test=sign-in-login]') },
  { name: 'setup', path: '/setup', ready: wait('h1') },
  { name: 'missing', path: '/no/such/page', ready: wait('h1'), widths: [360, 1366] },
  { name: 'home', as: 'resident', path: '/', ready: wait('[data-test=report-start]'), widths: [360, 768, 1366] },
  { name: 'report-what', as: 'resident', path: '/report', ready: wait('[data-test=description], .tile'), widths: phone, whole: true },
  { name: 'report-where', as: 'resident', path: '/report', widths: phone, ready: wait('.tile'), looks: ['light', 'dark'], before: async tab => {
    await tab.check('[data-test=category-noise]', { force: true })
    await tab.fill('[data-test=description]', '楼道灯坏了三天，晚上上下楼不安全')
    await tab.click('[data-test=next]')
    await tab.waitForSelector('[data-test=address]')
    await tab.waitForTimeout(300)
  } },
  { name: 'report-who', as: 'resident', path: '/report', widths: phone, ready: wait('.tile'), looks: ['light', 'dark'], before: async tab => {
    await tab.check('[data-test=category-noise]', { force: true })
    await tab.fill('[data-test=description]', '楼道灯坏了三天，晚上上下楼不安全')
    await tab.click('[data-test=next]')
    await tab.click('[data-test=next]')
    await tab.waitForSelector('[data-test=phone]')
  } },
  { name: 'receipt', as: 'resident', find: async (request, base) => `/receipt/${await records(request, base, 'mine=1')}`, ready: wait('[data-test=receipt-number]'), widths: phone },
  { name: 'requests', as: 'resident', path: '/requests', ready: wait('[data-test=my-request], .empty'), widths: phone },
  { name: 'request', as: 'resident', find: async (request, base) => `/requests/${await records(request, base, 'mine=1&state=resolved') ?? await records(request, base, 'mine=1')}`, ready: wait('[data-test=timeline]'), widths: phone, whole: true },
  { name: 'services', as: 'resident', path: '/services', ready: wait('h1'), widths: phone },
  { name: 'me', as: 'resident', path: '/me', ready: wait('.sessions'), widths: phone, whole: true },
  { name: 'inbox', as: desk, path: '/desk/inbox', ready: wait('[data-test=inbox-row], [data-test=empty]') },
  { name: 'inbox-open', as: desk, path: '/desk/inbox', ready: wait('[data-test=inbox-row]'), before: async tab => {
    await tab.click('[data-test=inbox-row] >> nth=0')
    await tab.waitForSelector('[data-test=timeline]')
    await tab.waitForTimeout(300)
  } },
  { name: 'action', as: desk, path: '/desk/inbox', ready: wait('[data-test=inbox-row]'), widths: [360, 1366], before: async tab => {
    await tab.click('[data-test=inbox-row] >> nth=0')
    await tab.waitForSelector('.panel-actions .btn.primary')
    await tab.click('.panel-actions .btn.primary')
    await tab.waitForSelector('dialog')
  } },
  { name: 'list', as: desk, path: '/desk/r/request', ready: wait('[data-test=list-row], [data-test=list-card]') },
  { name: 'list-filters', as: desk, path: '/desk/r/request?view=open', ready: wait('[data-test=list-row], [data-test=empty]'), widths: [1366], before: tab => tab.click('[data-test=filters]') },
  { name: 'record', as: desk, find: async (request, base) => `/desk/r/request/${await records(request, base, 'state=closed')}`, ready: wait('[data-test=timeline]') },
  { name: 'create', as: desk, path: '/desk/r/request/new', ready: wait('form.create') },
  { name: 'import', as: desk, path: '/desk/r/request', ready: wait('[data-test=import]'), widths: [1366], before: tab => tab.click('[data-test=import]') },
  { name: 'why', as: desk, find: async (request, base) => `/desk/r/request/${await records(request, base, 'state=submitted,accepted,assigned')}`, ready: wait('[data-test^=why-]'), widths: [360, 1366], before: async tab => {
    await tab.click('[data-test^=why-] >> nth=-1')
    await tab.waitForSelector('.why-days, dialog .facts')
  } },
  { name: 'notices', as: desk, path: '/desk/notices', ready: wait('h1'), widths: [360, 1366] },
  { name: 'search', as: desk, path: '/desk/search?q=%E6%A5%BC%E9%81%93', ready: wait('[data-test=search-row], [data-test=empty]'), widths: [360, 1366] },
  { name: 'supervision', as: 'county_supervisor', path: '/desk/supervision', ready: wait('[data-test=order], [data-test=overdue], [data-test^=track-]'), whole: true },
  { name: 'ledger', as: 'lj-county', path: '/desk/ledger', ready: wait('[data-test=task]') },
  { name: 'routing', as: 'county_supervisor', path: '/desk/routing', ready: wait('[data-test=routing-rule]'), whole: true },
  { name: 'my-account', as: desk, path: '/desk/me', ready: wait('.sessions'), widths: [1366] },
  { name: 'area-picker', as: 'city_supervisor', path: '/desk/r/request', ready: wait('[data-test=area-picker]'), widths: [360, 1366], before: async tab => {
    await tab.click('[data-test=area-picker]')
    await tab.waitForSelector('[data-test=area-row]')
  } },
  { name: 'board', as: 'city_supervisor', path: '/board', ready: wait('.figure'), wait: 900, whole: true },
  { name: 'plan', as: 'city_supervisor', path: '/plan', ready: wait('[data-test=plan-tiles]') },
  { name: 'plan-table', as: 'city_supervisor', path: '/plan?view=table', ready: wait('[data-test=plan-table]') },
  { name: 'plan-indicator', as: 'city_supervisor', path: '/plan?indicator=request_closing_share', ready: wait('[data-test=indicator]'), whole: true },
  { name: 'field', as: 'grid_worker', path: '/field', ready: wait('[data-test=inbox-row], [data-test=empty]'), widths: phone },
  { name: 'field-all', as: 'grid_worker', path: '/field/all', ready: wait('[data-test=list-card], [data-test=empty]'), widths: phone },
  { name: 'field-record', as: 'grid_worker', find: async (request, base) => `/field/records/request/${await records(request, base, '')}`, ready: wait('[data-test=timeline]'), widths: phone, whole: true },
  { name: 'admin', as: 'system_admin', path: '/admin', ready: wait('.admin-card'), widths: [360, 1366] },
  { name: 'accounts', as: 'system_admin', path: '/admin/accounts', ready: wait('[data-test=list-row]'), before: tab => tab.click('[data-test=list-row] >> nth=2') },
  { name: 'areas', as: 'system_admin', path: '/admin/areas', ready: wait('[data-test=list-row]'), before: async tab => {
    await tab.click('[data-test=list-row] >> nth=0')
    await tab.waitForTimeout(500)
  } },
  { name: 'decisions', as: 'system_admin', path: '/admin/decisions', ready: wait('[data-test=list-row], [data-test=empty]'), before: tab => tab.click('[data-test=create]') },
  { name: 'units', as: 'system_admin', path: '/admin/units', ready: wait('[data-test=list-row], [data-test=list-card]') },
  { name: 'catalogue', as: 'system_admin', path: '/admin/catalogue/request', ready: wait('.flow-node'), whole: true },
  { name: 'catalogue-fields', as: 'system_admin', path: '/admin/catalogue/request', ready: wait('.flow-node'), widths: [1366], before: tab => tab.click('[data-test=part-fields]') },
  { name: 'health', as: 'system_admin', path: '/admin/health', ready: wait('.figure'), widths: [360, 1366] },
  { name: 'audit', as: 'auditor', path: '/admin/audit', ready: wait('[data-test=list-row], [data-test=empty]'), widths: [360, 1366] },
  { name: 'grant', as: 'security_admin', path: '/admin/accounts', ready: wait('[data-test=list-row]'), widths: [360, 1366], before: async tab => {
    await tab.click('[data-test=list-row] >> nth=1')
    await tab.click('[data-test=grant]')
    await tab.waitForSelector('dialog')
  } },
]
