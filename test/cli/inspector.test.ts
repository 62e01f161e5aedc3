import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { expect, it, onTestFinished } from 'vitest'

const bin = path.join(import.meta.dirname, '..', '..', 'bin', 'agent-eval.js')

/** Keeps a program there after its end. */
const stay = 'setInterval(() => undefined, 1000)'

function start(argv: readonly string[]): ChildProcessByStdio<null, Readable, Readable> {
  // Port 0: whichever is free, so that an inspector would open in any case.
  const hold = ['--inspect-port=0', '--import', `data:text/javascript,${encodeURIComponent(stay)}`]
  const child = spawn(process.execPath, [...hold, ...argv], {
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

it.skipIf(process.platform === 'win32')(
  'no signal opens the inspector of the program, as it does of any other',
  async () => {
    const other = start(['-e', `${stay}; console.log("begun")`])
    const ours = start([bin, '--version'])
    let said = ''
    ours.stderr.on('data', (chunk) => (said += String(chunk)))
    // What they print shows that they have begun.
    await Promise.all([once(other.stdout, 'data'), once(ours.stdout, 'data')])
    ours.kill('SIGUSR1')
    other.kill('SIGUSR1')
    const [opened] = (await once(other.stderr, 'data')) as [Buffer]
    expect(String(opened)).toContain('Debugger listening')
    // What the other had time for, ours had twice.
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect([said, ours.exitCode, ours.signalCode]).toEqual(['', null, null])
  },
)
