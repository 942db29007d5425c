// Says no to files that have grown past what a reader keeps in mind.
import { readFileSync } from 'node:fs'
import { walk } from './walk.mjs'


const limit = file => (file.includes('/locales/') || file.endsWith('.css') || file.endsWith('types.ts') || file.endsWith('schema.d.ts')) ? Infinity
  : /Page\.vue$/.test(file) ? 200 : file.endsWith('.test.ts') ? 300 : 150
const long = walk('src', /\.(ts|vue)$/).map(file => [file, readFileSync(file, 'utf8').split('\n').length - 1])
  .filter(([file, lines]) => lines > limit(file))
for (const [file, lines] of long)
  console.error(`${file}: ${lines} lines, at most ${limit(file)}`)
process.exit(long.length ? 1 : 0)
