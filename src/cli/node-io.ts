import type { Io, Output } from './io.ts'

/** The process, and the word that the command has ended. */
interface NodeIo extends Io {
  /** What was said by `setExitCode` until now is final. */
  readonly end: () => void
}

/** The one place that touches the process and the real clock. */
export function nodeIo(): NodeIo {
  const ending = guardEnding()
  return {
    argv: process.argv.slice(2),
    cwd: process.cwd(),
    env: process.env,
    stdout: output(process.stdout, ending.lose),
    // Progress that nobody can read is no reason to stop.
    stderr: output(process.stderr, () => undefined),
    nowMs: () => performance.now(),
    today: () => new Date().toISOString(),
    setExitCode: ending.decide,
    end: ending.end,
    onInterrupt(listener) {
      const onInt = (): void => {
        listener('SIGINT')
      }
      const onTerm = (): void => {
        listener('SIGTERM')
      }
      process.once('SIGINT', onInt)
      process.once('SIGTERM', onTerm)
      return () => {
        process.off('SIGINT', onInt)
        process.off('SIGTERM', onTerm)
      }
    },
    ask,
    every(ms, tick) {
      const timer = setInterval(tick, ms)
      timer.unref()
      return () => {
        clearInterval(timer)
      }
    },
  }
}

async function ask(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined
  const { createInterface } = await import('node:readline/promises')
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const ended = new Promise<undefined>((resolve) => {
    terminal.once('close', () => {
      resolve(undefined)
    })
  })
  try {
    return await Promise.race([terminal.question(question), ended])
  } finally {
    terminal.close()
  }
}

/** Nothing was decided, or nobody could read it. */
const evidenceMissing = 4

interface Ending {
  readonly decide: (code: number) => void
  readonly end: () => void
  /** What was printed did not arrive. */
  readonly lose: (error: NodeJS.ErrnoException) => void
}

/**
 * Keeps the exit code from saying what nobody decided. Code of an eval set runs in this process: a tool
 * that calls `process.exit(0)`, or that throws when nobody listens any more, would otherwise end a run
 * as a pass or as a regression.
 */
function guardEnding(): Ending {
  let decided = 0
  let hasEnded = false
  let isLost = false
  process.on('exit', (code) => {
    if (!hasEnded) {
      process.exitCode = evidenceMissing
      say('something ended the process before its command was done; nothing was decided')
    } else if (decided !== 0) process.exitCode = decided
    else process.exitCode = isLost ? evidenceMissing : code
  })
  return {
    decide: (code) => {
      decided = code
      process.exitCode = code
    },
    end: () => {
      hasEnded = true
    },
    lose: ({ message }) => {
      if (!isLost) say(`what was printed did not arrive: ${message}`)
      isLost = true
    },
  }
}

function say(text: string): void {
  process.stderr.write(`agent-eval: ${text}\n`)
}

function output(stream: NodeJS.WriteStream, onLost: Ending['lose']): Output {
  // A closed pipe (`agent-eval report … | head`) is the reader's choice, not a fault.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') onLost(error)
  })
  return {
    isTTY: stream.isTTY,
    columns: stream.columns || 80,
    write: (text) => {
      stream.write(text)
    },
  }
}
