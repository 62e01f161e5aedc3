import { spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import path from 'node:path'
import type { Ended } from './situation.ts'

const bin = path.join(import.meta.dirname, '..', '..', 'bin', 'agent-eval.js')

/**
 * The real program with a stdout that does not take what it is given.
 *
 * @param stdout - `closed`: a reader that went away at once; a path: a file that is written to
 */
export async function runInto(
  stdout: 'closed' | { readonly file: string },
  argv: readonly string[],
  cwd: string,
): Promise<Ended> {
  const child = spawn(process.execPath, [bin, ...argv], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', NO_COLOR: '1' },
    stdio: ['ignore', stdout === 'closed' ? 'pipe' : openSync(stdout.file, 'w'), 'pipe'],
  })
  child.stdout?.destroy()
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return new Promise((resolve) => {
    child.once('close', (exitCode) => {
      resolve({ exitCode, stdout: '', stderr })
    })
  })
}
