import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** All files under `folder` whose names match. */
export function walk(folder, pattern) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && pattern.test(entry.name))
    .map(entry => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
}
