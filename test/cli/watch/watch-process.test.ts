import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { bin } from '../real-process.ts'
import { folderWith } from '../run-cli.ts'
import { smallProject } from '../small-set.ts'

/** The real program, and when it says something. */
function startWatch(): {
  readonly cwd: string
  readonly hear: (text: string, times: number) => Promise<void>
  readonly end: (signal: NodeJS.Signals) => Promise<{ code: number | null; ms: number }>
} {
  const cwd = folderWith(smallProject)
  const env = { PATH: process.env['PATH'] ?? '', NO_COLOR: '1' }
  const child = spawn(process.execPath, [bin, 'run', '--watch', '-n', '2'], { cwd, env })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  }
  return {
    cwd,
    async hear(text, times) {
      const deadline = performance.now() + 30_000
      while (said.split(text).length <= times) {
        if (performance.now() > deadline || child.exitCode !== null) throw new Error(said)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    async end(signal) {
      const startMs = performance.now()
      child.kill(signal)
      const code = await ended
      return { code, ms: performance.now() - startMs }
    },
  }
}

it.each([
  ['SIGINT', 0],
  ['SIGTERM', 143],
] as const)(
  'a watch without a terminal runs again, and ends at once by %s',
  async (signal, code) => {
    const watch = startWatch()
    await watch.hear('watch: waiting for changes; Ctrl-C ends', 1)
    const file = path.join(watch.cwd, 'set/cases/outcome/refund.yaml')
    writeFileSync(file, readFileSync(file, 'utf8').replace('Please refund', 'Refund'))
    await watch.hear('watch: waiting for changes; Ctrl-C ends', 2)
    await watch.hear('no verdict', 1)
    const ended = await watch.end(signal)
    expect(ended.code).toBe(code)
    // Nothing keeps it open: no watcher, no timer, no program.
    expect(ended.ms).toBeLessThan(2_000)
  },
)
