import { execFileSync } from 'node:child_process'
import path from 'node:path'

/** Some tests start the real program; it must be the one that these sources make. */
export default function setup(): void {
  const root = path.join(import.meta.dirname, '..')
  execFileSync(process.execPath, ['scripts/build-when-stale.js'], { cwd: root, stdio: 'inherit' })
}
