import type { Child, ChildEnd, SpawnOptions } from '../../ports.ts'
import { errorExcerpt } from './error-excerpt.ts'
import type { TargetPorts } from './target.ts'
import { withoutFolder } from './without-folder.ts'

/** Of what a program writes to stderr, the end that explains how it came to grief. */
const keptErrors = 2_000
/** A program that was asked to end has this long before it is made to. */
const graceMs = 500
/** A program whose talk is over has this long to end by itself. */
const farewellMs = 2_000

/** A program of an agent. */
export interface AgentProcess {
  readonly child: Child
  /** In words, with what it wrote to stderr, for the message of a trial that failed. */
  readonly describe: (end: ChildEnd) => string
}

/** Starts programs and remembers those that still run, so that none is left behind. */
export interface AgentProcesses {
  readonly start: (command: readonly [string, ...string[]], options: SpawnOptions) => AgentProcess
  /** Asks a program to end, and makes it. */
  readonly stop: (process: AgentProcess) => void
  /** Closes its input and gives it some time to end by itself. */
  readonly dismiss: (process: AgentProcess) => void
  /** Ends all of them. */
  readonly close: () => Promise<void>
}

export function agentProcesses({ outside }: Pick<TargetPorts, 'outside'>): AgentProcesses {
  const running = new Set<AgentProcess>()
  const stop = ({ child }: AgentProcess): void => {
    child.kill(graceMs)
  }
  return {
    start(command, options) {
      const started = watch(outside.spawn(command, options), command[0], options.cwd)
      running.add(started)
      void started.child.ended.then(() => running.delete(started))
      return started
    },
    stop,
    dismiss(process) {
      const { child } = process
      child.closeInput()
      const gone = new AbortController()
      void child.ended.then(() => {
        gone.abort()
      })
      void outside.clock.sleep(farewellMs, gone.signal).then(() => {
        stop(process)
      })
    },
    async close() {
      const all = [...running]
      for (const one of all) stop(one)
      await Promise.all(all.map(({ child }) => child.ended))
    },
  }
}

function watch(child: Child, program: string, folder: string): AgentProcess {
  let errors = ''
  child.onStderr((text) => {
    errors = (errors + text.slice(-keptErrors)).slice(-keptErrors)
  })
  return {
    child,
    describe(end) {
      const ended = howItEnded(end, program)
      const excerpt = errorExcerpt(withoutFolder(errors, folder))
      return excerpt === '' ? ended : `${ended}; stderr: ${excerpt}`
    },
  }
}

function howItEnded({ code, error, signal }: ChildEnd, program: string): string {
  if (error !== undefined) return `${program} cannot be started: ${error}`
  return signal === null ? `exited with code ${code ?? 0}` : `was ended by ${signal}`
}
