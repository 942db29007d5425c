// Says no to a class that only the style of one page knows, used by another that may be opened without it.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { walk } from './walk.mjs'

const files = new Map(walk('src', /\.(vue|ts)$/).map(file => [file, readFileSync(file, 'utf8')]))
const named = path => [path, `${path}.ts`, `${path}/index.ts`].find(one => files.has(one))

/** What a file surely brings with it: what it imports, and what that imports; not what a route loads when asked. */
function brought(file, seen = new Set()) {
  if (!file || seen.has(file))
    return seen
  seen.add(file)
  for (const [, from] of files.get(file).matchAll(/^import (?!type ).*?'([^']+)'/gm))
    brought(named(from.startsWith('@/') ? join('src', from.slice(2)) : join(dirname(file), from)), seen)
  return seen
}

const shared = new Set(walk('src', /\.css$/).flatMap(file => classes(readFileSync(file, 'utf8'))))
const styled = new Map()
for (const [file, text] of files) {
  for (const name of classes(/<style>(.*)<\/style>/s.exec(text)?.[1] ?? ''))
    styled.set(name, [...styled.get(name) ?? [], file])
}
function classes(css) {
  return [...css.matchAll(/\.([a-z][\w-]*)/g)].map(found => found[1])
}

let wrong = 0
for (const [file, text] of files) {
  const template = /<template>(.*)<\/template>/s.exec(text)?.[1] ?? ''
  const used = new Set([...template.matchAll(/\sclass="([^"]*)"/g)].flatMap(found => found[1].split(/\s+/)))
  for (const name of used) {
    const homes = styled.get(name) ?? []
    if (!homes.length || shared.has(name) || homes.some(home => brought(file).has(home) || brought(home).has(file)))
      continue
    console.error(`${file}: class "${name}" has its style in ${homes.join(', ')}, which need not be loaded: put it into src/ui/*.css`)
    wrong++
  }
}
process.exit(wrong ? 1 : 0)
