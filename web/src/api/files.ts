// SPDX-License-Identifier: Apache-2.0
/** Raw bodies in and out: attachments and sheets. */
import { proof } from './client'
import type { LedgerPreview } from './ledger-types'
import type { ImportResult, RecordFile } from './types'

async function send<T>(url: string, body: BodyInit, type: string, signal?: AbortSignal): Promise<{ data?: T, error?: unknown, response: Response }> {
  const response = await fetch(url, { method: 'POST', body, signal, headers: { ...proof(), 'Content-Type': type } })
  const answer = await response.json().catch(() => undefined) as unknown
  return response.ok ? { data: answer as T, response } : { error: answer, response }
}

export function uploadFile(kind: string, id: string, field: string, file: File) {
  const query = new URLSearchParams({ field, name: file.name })
  return send<RecordFile>(`/api/records/${kind}/${id}/files?${query}`, file, file.type || 'application/octet-stream')
}

export function fileUrl(kind: string, id: string, file: string) {
  return `/api/records/${kind}/${id}/files/${file}`
}

export function importSheet(kind: string, sheet: Blob, dryRun: boolean, signal?: AbortSignal) {
  return send<ImportResult>(`/api/imports/${kind}${dryRun ? '?dry_run=1' : ''}`, sheet, 'text/csv', signal)
}

/** An office's table: only read, or made the ledger of an area. */
export function bringLedger(plan: string, area: string, how: 'preview' | 'import', table: Blob) {
  return send<LedgerPreview>(`/api/ledgers/${plan}/${how}?area=${area}`, table, 'application/octet-stream')
}

export const templateUrl = (kind: string) => `/api/imports/${kind}/template.csv`

export function exportUrl(kind: string, query: Record<string, string | number | boolean | undefined>) {
  const words = new URLSearchParams()
  for (const [key, value] of Object.entries(query))
    if (value !== undefined && value !== '')
      words.set(key, String(value))
  return `/api/exports/${kind}.csv?${words}`
}
