// What a face loads before it shows: everything that its first pages import, compressed. Slow lines set the limits.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'))
const faces = {
  resident: { limit: 300, pages: ['src/resident/ResidentLayout.vue', 'src/resident/HomePage.vue', 'src/locales/zh-CN.json'] },
  field: { limit: 300, pages: ['src/field/FieldLayout.vue', 'src/field/TodayPage.vue', 'src/locales/zh-CN.json'] },
  desk: { limit: 500, pages: ['src/desk/DeskLayout.vue', 'src/desk/InboxPage.vue', 'src/locales/zh-CN.json'] },
  board: { limit: 500, pages: ['src/board/BoardPage.vue', 'src/locales/zh-CN.json'] },
  admin: { limit: 500, pages: ['src/admin/AdminLayout.vue', 'src/admin/AccountsPage.vue', 'src/locales/zh-CN.json'] },
}
function files(names, found = new Set()) {
  for (const name of names) {
    const chunk = manifest[name]
    if (!chunk)
      throw new Error(`${name} is not in the build`)
    if (found.has(chunk.file))
      continue
    found.add(chunk.file)
    chunk.css?.forEach(file => found.add(file))
    files(chunk.imports ?? [], found)
  }
  return found
}
let over = 0
for (const [face, { limit, pages }] of Object.entries(faces)) {
  const bytes = [...files(['index.html', ...pages])].reduce((sum, file) => sum + gzipSync(readFileSync(`dist/${file}`)).length, 0)
  console.log(`${face}: ${Math.round(bytes / 1024)} KB of ${limit} KB`)
  over += bytes > limit * 1024 ? 1 : 0
}
process.exit(over ? 1 : 0)
