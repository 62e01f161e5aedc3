// In a checkout of its own, a package's program is not among its installed ones. This puts it there,
// so that `npx agent-eval` starts this checkout at once and asks no registry.
import { existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const folder = path.join('node_modules', '.bin')
if (existsSync(folder)) {
  if (process.platform === 'win32') {
    const line = '@node "%~dp0\\..\\..\\bin\\agent-eval.js" %*\r\n'
    writeFileSync(path.join(folder, 'agent-eval.cmd'), line)
  } else {
    const link = path.join(folder, 'agent-eval')
    rmSync(link, { force: true })
    symlinkSync(path.join('..', '..', 'bin', 'agent-eval.js'), link)
  }
}
