// SPDX-License-Identifier: Apache-2.0
/** The server's own figures, in Prometheus text. */
export interface Sample { name: string, labels: Record<string, string>, value: number }

export function parseMetrics(text: string): Sample[] {
  return text.split('\n').flatMap(line => {
    const found = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/.exec(line)
    if (!found || line.startsWith('#'))
      return []
    const labels = Object.fromEntries([...(found[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [name!, value!]))
    return [{ name: found[1]!, labels, value: Number(found[3]) }]
  })
}
export async function readMetrics(): Promise<{ data?: Sample[], error?: unknown, response: Response }> {
  const response = await fetch('/metrics', { headers: { Accept: 'text/plain' } })
  return response.ok ? { data: parseMetrics(await response.text()), response } : { error: await response.json().catch(() => undefined), response }
}
export async function readReady(): Promise<{ data?: boolean, response: Response }> {
  const response = await fetch('/readyz')
  return { data: response.ok, response: new Response(null, { status: 200 }) }
}
export async function readDocument(language: string): Promise<{ data?: string, error?: unknown, response: Response }> {
  const response = await fetch(`/api/catalogue/document?lang=${language}`)
  return response.ok ? { data: await response.text(), response } : { error: await response.json().catch(() => undefined), response }
}
