import type { CiJob } from './ci/ci-news.ts'

/** The process as the command line sees it; tests pass one of their own. */
export interface Io {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdout: Output
  readonly stderr: Output
  /** Milliseconds that never go back. */
  readonly nowMs: () => number
  /** The calendar time, for run names only: it enters no document that is compared. */
  readonly today: () => string
  readonly setExitCode: (code: number) => void
  /**
   * Calls back on the first SIGINT or SIGTERM; the returned function stops listening. A second signal
   * ends the process at once.
   */
  readonly onInterrupt: (listener: (signal: 'SIGINT' | 'SIGTERM') => void) => () => void
  readonly every: (ms: number, tick: () => void) => () => void
  /**
   * Asks a person on the terminal, and gives the answer without its line end.
   *
   * @returns `undefined` where nobody can answer: no terminal, or the input has ended
   */
  readonly ask: (question: string) => Promise<string | undefined>
  /** Calls back with each key that is pressed; where nobody sits, never. */
  readonly onKey: (listener: (key: string) => void) => () => void
  /** Puts somebody between what this process writes and the terminal. */
  readonly divert: (take: TakeText) => Diverted
  /** Runs this program once more, on the same terminal, and gives its exit code. */
  readonly runSelf: (argv: readonly string[], options: SelfOptions) => Promise<number>
  /** Set by `main`; absent where no host wants to hear more than the log. */
  readonly job?: CiJob
}

/** @param to - where the text was to go; what goes to a file or a pipe is not diverted */
export type TakeText = (text: string, to: 'stdout' | 'stderr') => void

/** The way to the terminal itself. */
export interface Diverted {
  readonly write: TakeText
  readonly stop: () => void
}

export interface SelfOptions {
  readonly env: Io['env']
  /** Ends it as Ctrl-C would. */
  readonly signal: AbortSignal
}

export interface Output {
  readonly isTTY: boolean
  /** Another one once the terminal has another size. */
  readonly columns: number
  readonly write: (text: string) => void
}
