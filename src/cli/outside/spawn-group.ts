import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import type { Child, ChildEnd, Spawn } from '../../ports.ts'

/** How long the output of a program may go on after its end, where somebody else holds it open. */
const drainMs = 500
/** Between asking a process group to end and making it. */
const defaultGraceMs = 2_000

/** Programs that still run, so that none outlives us. */
const running = new Set<ChildProcess>()
let isGuarding = false

/** Starts a program in a process group of its own. */
export const spawnGroup: Spawn = (command, options) => {
  try {
    return start(command, options)
  } catch (error) {
    // Arguments that are too long, or no file handles left: that is no event but an exception.
    return neverStarted(error instanceof Error ? error.message : String(error))
  }
}

function start(
  [program, ...args]: Parameters<Spawn>[0],
  { cwd, env }: Parameters<Spawn>[1],
): Child {
  const child = spawn(program, args, { cwd, env: { ...env }, detached: true, windowsHide: true })
  remember(child)
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('error', ignore)
    // What nobody listens to must not fill up and stop the program.
    stream.resume()
  }
  // Whoever has ended reads no more.
  child.stdin.on('error', ignore)
  const ended = endOf(child)
  return { ...streamsOf(child), kill: killer(child, ended), ended }
}

function neverStarted(error: string): Child {
  return {
    onStdout: ignore,
    onStderr: ignore,
    write: ignore,
    closeInput: ignore,
    kill: ignore,
    ended: Promise.resolve({ code: null, signal: null, error }),
  }
}

function streamsOf({
  stderr,
  stdin,
  stdout,
}: ChildProcessWithoutNullStreams): Omit<Child, 'kill' | 'ended'> {
  return {
    onStdout: (listener) => {
      stdout.on('data', listener)
    },
    onStderr: (listener) => {
      stderr.on('data', listener)
    },
    write: (text) => {
      if (stdin.writable) stdin.write(text)
    },
    closeInput: () => {
      stdin.end()
    },
  }
}

function endOf(child: ChildProcessWithoutNullStreams): Promise<ChildEnd> {
  return new Promise((resolve) => {
    child.once('error', ({ message }) => {
      running.delete(child)
      resolve({ code: null, signal: null, error: message })
    })
    child.once('exit', (code, signal) => {
      // Children that it left behind must not go on with its trial.
      signalGroup(child, 'SIGKILL')
      running.delete(child)
      const end = { code, signal }
      const drained = setTimeout(() => {
        child.stdout.destroy()
        child.stderr.destroy()
        resolve(end)
      }, drainMs)
      child.once('close', () => {
        clearTimeout(drained)
        resolve(end)
      })
    })
  })
}

function killer(child: ChildProcess, ended: Promise<ChildEnd>): Child['kill'] {
  let isAsked = false
  return (graceMs = defaultGraceMs) => {
    if (isAsked || !running.has(child)) return
    isAsked = true
    signalGroup(child, 'SIGTERM')
    const timer = setTimeout(() => {
      if (running.has(child)) signalGroup(child, 'SIGKILL')
    }, graceMs)
    void ended.then(() => {
      clearTimeout(timer)
    })
  }
}

/** The process group has the number of its first process. */
function signalGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  const { pid } = child
  if (pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill(signal)
    else process.kill(-pid, signal)
  } catch {
    // All of it has ended already.
  }
}

function remember(child: ChildProcess): void {
  if (child.pid !== undefined) running.add(child)
  if (isGuarding) return
  isGuarding = true
  process.on('exit', () => {
    for (const one of running) signalGroup(one, 'SIGKILL')
  })
}

function ignore(): void {
  // The end of a program tells all that there is to tell.
}
