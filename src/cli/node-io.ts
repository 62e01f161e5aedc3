import { spawn } from 'node:child_process'
import { isDrivenByAgent } from './coding-agent.ts'
import type { Diverted, Io, Output, SelfOptions, TakeText } from './io.ts'
import { isInCi } from './print/write-text.ts'

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
    onInterrupt: interrupts(ending),
    ask: (question) => ask(question, process.env),
    onKey,
    divert,
    runSelf,
    every(ms, tick) {
      const timer = setInterval(tick, ms)
      timer.unref()
      return () => {
        clearInterval(timer)
      }
    },
  }
}

async function ask(question: string, env: Io['env']): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined
  if (isInCi({ env }) || isDrivenByAgent(env)) return undefined
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

/**
 * Package managers pass on a signal that the terminal has sent us already: what comes so soon after the
 * first is the same key press.
 */
const sameKeyMs = 250

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const
type Interrupt = keyof typeof exitCodes

/**
 * Hears signals as long as somebody listens. After the first one it listens to the end: whoever sends
 * another does not want to wait, and what was finished is on disk.
 */
function interrupts({ decide, end }: Ending): Io['onInterrupt'] {
  const listeners = new Set<(signal: Interrupt) => void>()
  let firstMs: number | undefined
  const receive = (signal: Interrupt): void => {
    if (firstMs === undefined) {
      firstMs = performance.now()
      for (const listener of [...listeners]) listener(signal)
    } else if (performance.now() - firstMs > sameKeyMs) {
      decide(exitCodes[signal])
      end()
      // The one place that does not wait: programs that we started are ended on the way out.
      process.exit(exitCodes[signal])
    }
  }
  return (listener) => {
    if (listeners.size === 0) for (const name of names) process.on(name, receive)
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
      if (listeners.size > 0 || firstMs !== undefined) return
      for (const name of names) process.off(name, receive)
    }
  }
}

const names = ['SIGINT', 'SIGTERM'] as const

/** The terminal gives single keys only in a mode in which it makes no signals: see `\u0003`. */
function onKey(listener: (key: string) => void): () => void {
  const { stdin } = process
  if (!stdin.isTTY) return () => undefined
  const hear = (data: Buffer): void => {
    for (const key of data.toString('utf8')) listener(key)
  }
  stdin.setRawMode(true)
  stdin.on('data', hear)
  stdin.resume()
  return () => {
    stdin.off('data', hear)
    stdin.setRawMode(false)
    stdin.pause()
  }
}

function divert(take: TakeText): Diverted {
  const ways = { stdout: wayOf('stdout', take), stderr: wayOf('stderr', take) }
  return {
    write: (text, to) => {
      ways[to].write(text)
    },
    stop: () => {
      ways.stdout.stop()
      ways.stderr.stop()
    },
  }
}

interface Way {
  readonly write: (text: string) => void
  readonly stop: () => void
}

/** Takes the place of a stream's `write`, which is what everybody in a process calls in the end. */
function wayOf(name: 'stdout' | 'stderr', take: TakeText): Way {
  const stream = process[name]
  const own = stream.write.bind(stream)
  const write = (text: string): void => {
    own(text)
  }
  if (!stream.isTTY) return { write, stop: () => undefined }
  const taking = (chunk: string | Uint8Array, ...rest: readonly unknown[]): boolean => {
    take(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'), name)
    const written = rest.findLast((one) => typeof one === 'function')
    if (written !== undefined) process.nextTick(written)
    return true
  }
  stream.write = taking
  return {
    write,
    stop: () => {
      stream.write = own
    },
  }
}

function codeOfKill(signal: NodeJS.Signals | null): number {
  return signal === 'SIGINT' || signal === 'SIGTERM' ? exitCodes[signal] : evidenceMissing
}

function runSelf(argv: readonly string[], { env, signal }: SelfOptions): Promise<number> {
  const [, program = ''] = process.argv
  const child = spawn(process.execPath, [...process.execArgv, program, ...argv], {
    env,
    stdio: 'inherit',
  })
  const interrupt = (): void => {
    child.kill('SIGINT')
  }
  signal.addEventListener('abort', interrupt)
  process.on('exit', interrupt)
  return new Promise((resolve) => {
    const ended = (code: number): void => {
      signal.removeEventListener('abort', interrupt)
      process.off('exit', interrupt)
      resolve(code)
    }
    child.once('error', ({ message }) => {
      say(`cannot be started again: ${message}`)
      ended(evidenceMissing)
    })
    child.once('exit', (code, killedBy) => {
      ended(code ?? codeOfKill(killedBy))
    })
  })
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

/** Of a pipe or a file Node says `undefined`, whatever its types say. */
type Stream = Omit<NodeJS.WriteStream, 'isTTY'> & { readonly isTTY?: boolean }

function output(stream: Stream, onLost: Ending['lose']): Output {
  // A closed pipe (`agent-eval report … | head`) is the reader's choice, not a fault.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') onLost(error)
  })
  return {
    isTTY: stream.isTTY ?? false,
    get columns() {
      return stream.columns || 80
    },
    write: (text) => {
      stream.write(text)
    },
  }
}
