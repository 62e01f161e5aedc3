import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'

const bin = path.join(import.meta.dirname, '..', '..', 'bin', 'agent-eval.js')

/** Holds the program up while it loads, so that a signal meets it at work. */
const holdUp = `
setInterval(() => undefined, 1000)
process.on('SIGUSR2', () => process.stderr.write('still here\\n'))
setImmediate(() => process.stderr.write('up\\n'))`

async function saidAfter(argv: readonly string[]): Promise<string> {
  // Port 0: whichever is free, so that an inspector would open in any case.
  const child = spawn(
    process.execPath,
    ['--inspect-port=0', '--import', `data:text/javascript,${encodeURIComponent(holdUp)}`, ...argv],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  const heard = async (word: string): Promise<void> => {
    while (!said.includes(word)) await once(child.stderr, 'data')
  }
  child.stderr.on('data', (chunk) => (said += String(chunk)))
  // What the program prints shows that it has begun.
  await Promise.all([once(child.stdout, 'data'), heard('up')])
  child.kill('SIGUSR1')
  child.kill('SIGUSR2')
  await heard('still here')
  // An inspector is opened by a thread of its own.
  await new Promise((resolve) => setTimeout(resolve, 300))
  return said
}

it.skipIf(process.platform === 'win32')(
  'no signal opens the inspector of the program, as it does of any other',
  async () => {
    const other = ['-e', 'console.log("begun")']
    expect(await saidAfter(other)).toContain('Debugger listening')
    expect(await saidAfter([bin, '--version'])).not.toContain('Debugger')
  },
)
