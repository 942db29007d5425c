// Locale keys: every key used in the source exists in both languages, none is left over, and both have the same placeholders.
// A key built at run time is declared by its prefix: t(`state.${x}`) uses all of state.*
import { readFileSync } from 'node:fs'
import { walk } from './walk.mjs'

const flat = (node, prefix = '') => Object.entries(node).flatMap(([key, value]) =>
  typeof value === 'string' ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`))
const read = name => new Map(flat(JSON.parse(readFileSync(`src/locales/${name}.json`, 'utf8'))))
const zh = read('zh-CN')
const en = read('en')
const problems = []

const holes = text => [...text.matchAll(/\{(\w+)\}/g)].map(m => m[1]).sort().join()
for (const [key, text] of zh) {
  if (!en.has(key))
    problems.push(`en lacks ${key}`)
  else if (holes(text) !== holes(en.get(key)))
    problems.push(`${key}: placeholders differ`)
}
for (const key of en.keys())
  if (!zh.has(key))
    problems.push(`zh-CN lacks ${key}`)

const used = new Set()
const prefixes = new Set()
for (const file of walk('src', /\.(ts|vue)$/)) {
  if (file.endsWith('.test.ts'))
    continue
  const source = readFileSync(file, 'utf8')
  for (const [, key] of source.matchAll(/\b(?:\$?t|te|keypath=|titleKey:|textKey:)\(?\s*['"]([a-z][\w-]*(?:\.[\w-]+)+)['"]/g))
    if (used.add(key) && !zh.has(key))
      problems.push(`${file}: no text for ${key}`)
  for (const [, key] of source.matchAll(/['"]([a-z]+(?:\.[\w-]+)+)['"]/g))
    if (zh.has(key))
      used.add(key)
  for (const [, prefix] of source.matchAll(/`([a-z][\w-]*(?:\.[\w-]+)*\.)\$\{/g))
    prefixes.add(prefix)
}
for (const key of zh.keys())
  if (!used.has(key) && ![...prefixes].some(prefix => key.startsWith(prefix)))
    problems.push(`unused: ${key}`)

problems.forEach(p => console.error(p))
console.log(`locales: ${zh.size} keys, ${problems.length} problems`)
process.exit(problems.length ? 1 : 0)
