// `npm ci` runs this through `prepare`. It builds only when a source is newer than the build,
// so that a second install, or an install from a packed archive, costs nothing.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'

const built = [
  'dist/cli.mjs',
  'dist/host.mjs',
  'dist/index.mjs',
  'dist/index.d.mts',
  'dist/page/page.css',
  'dist/page/page.js',
]
const sources = ['package.json', 'tsdown.config.ts', ...filesBelow('src')]

function filesBelow(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
}

function isCurrent() {
  if (!built.every((file) => existsSync(file))) return false
  const oldestBuilt = Math.min(...built.map((file) => statSync(file).mtimeMs))
  return sources.every((file) => !existsSync(file) || statSync(file).mtimeMs <= oldestBuilt)
}

if (existsSync('src') && !isCurrent()) {
  execFileSync('npm', ['run', '--silent', 'build'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
}
