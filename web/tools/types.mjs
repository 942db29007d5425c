// Generates src/api/schema.d.ts from docs/openapi.json (kernel routes). Kinds are drawn at run time and have no types here.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const source = fileURLToPath(new URL('../../docs/openapi.json', import.meta.url))
const target = fileURLToPath(new URL('../src/api/schema.d.ts', import.meta.url))

async function generate() {
  if (!existsSync(source))
    return '// docs/openapi.json is missing: kernel routes are typed by hand in paths.ts alone.\nexport type paths = Record<string, never>\n'
  const { default: openapi, astToString } = await import('openapi-typescript')
  return astToString(await openapi(new URL(`file://${source}`)))
}

const text = await generate()
if (!existsSync(target) || readFileSync(target, 'utf8') !== text)
  writeFileSync(target, text)
