import type { Io, Output } from '../../src/cli/io.ts'
import { main } from '../../src/cli/main.ts'

export { folderWith, writeFiles } from './folder-with.ts'

export interface CliResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface CliOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** Called with a function that sends a signal, as soon as somebody listens. */
  readonly onListening?: (send: (signal: 'SIGINT' | 'SIGTERM') => void) => void
  readonly today?: string
  /** The clock; it stands still by default. */
  readonly nowMs?: () => number
  readonly isTTY?: boolean
  /** What a person at the terminal answers; nobody sits there by default. */
  readonly answer?: (question: string) => string | undefined
}

let clock = 0

/** Runs the real command line in this process, over real files in a folder of its own. */
export async function runCli(argv: readonly string[], options: CliOptions): Promise<CliResult> {
  const written = { stdout: '', stderr: '' }
  const output = (name: 'stdout' | 'stderr'): Output => ({
    isTTY: options.isTTY ?? false,
    columns: 80,
    write: (text) => {
      written[name] += text
    },
  })
  let exitCode = 0
  clock += 1
  const today = options.today ?? `2026-11-22T08:${String(clock % 60).padStart(2, '0')}:00.000Z`
  const io: Io = {
    argv,
    cwd: options.cwd,
    env: options.env ?? {},
    stdout: output('stdout'),
    stderr: output('stderr'),
    nowMs: options.nowMs ?? (() => 0),
    today: () => today,
    setExitCode: (code) => {
      exitCode = code
    },
    onInterrupt(listener) {
      options.onListening?.(listener)
      return () => undefined
    },
    every: () => () => undefined,
    ask: (question) => {
      // As in a real process: where nobody sits nobody is asked.
      if (options.answer === undefined) return Promise.resolve(undefined)
      written.stderr += question
      return Promise.resolve(options.answer(question))
    },
    onKey: () => () => undefined,
    divert: () => ({
      write: (text, to) => {
        written[to] += text
      },
      stop: () => undefined,
    }),
    runSelf: () => Promise.reject(new Error('these tests start no program')),
  }
  await main(io)
  return { exitCode, ...written }
}
