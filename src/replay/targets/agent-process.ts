import type { Child, ChildEnd, SpawnOptions } from '../../ports.ts'
import { truncate } from '../../text/truncate.ts'
import type { TargetPorts } from './target.ts'

/** Of what a program writes to stderr, the end that explains how it came to grief. */
const keptErrors = 2_000
const shownErrors = 600
/** Of the first line that is no message of ours. */
const shownStray = 100
/** A program that was asked to end has this long before it is made to. */
const graceMs = 500
/** A program whose talk is over has this long to end by itself. */
const farewellMs = 2_000

/** A program of an agent, with what it said beside the protocol. */
export interface AgentProcess {
  readonly child: Child
  readonly noteStray: (text: string) => void
  /** In words, for the message of a trial that failed. */
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
      const started = watch(outside.spawn(command, options), command[0])
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

function watch(child: Child, program: string): AgentProcess {
  let errors = ''
  let strays = 0
  let firstStray = ''
  child.onStderr((text) => {
    errors = (errors + text.slice(-keptErrors)).slice(-keptErrors)
  })
  return {
    child,
    noteStray(text) {
      strays += 1
      if (strays === 1) firstStray = truncate(text, shownStray)
    },
    describe(end) {
      const parts = [howItEnded(end, program)]
      if (errors.trim() !== '') parts.push(`stderr: ${lastOf(errors)}`)
      if (strays > 0) {
        parts.push(`${strays} lines of its output are no messages, the first: ${firstStray}`)
      }
      return parts.join('; ')
    },
  }
}

/** Lines of a stack of JavaScript; those of Python stand before the message. */
const frame = /^at .*[:)\d]$/

/** The last lines, in one. */
function lastOf(errors: string): string {
  const lines = errors.split('\n').map((line) => line.trim())
  const telling = lines.filter((line) => line !== '' && !frame.test(line)).join(' | ')
  return telling.length > shownErrors ? `…${telling.slice(-shownErrors)}` : telling
}

function howItEnded({ code, error, signal }: ChildEnd, program: string): string {
  if (error !== undefined) return `${program} cannot be started: ${error}`
  return signal === null ? `exited with code ${code ?? 0}` : `was ended by ${signal}`
}
