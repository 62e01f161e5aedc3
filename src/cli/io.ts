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
  /** Calls back on the first SIGINT or SIGTERM; the returned function stops listening. */
  readonly onInterrupt: (listener: (signal: 'SIGINT' | 'SIGTERM') => void) => () => void
  readonly every: (ms: number, tick: () => void) => () => void
  /**
   * Asks a person on the terminal, and gives the answer without its line end.
   *
   * @returns `undefined` where nobody can answer: no terminal, or the input has ended
   */
  readonly ask: (question: string) => Promise<string | undefined>
}

export interface Output {
  readonly isTTY: boolean
  readonly columns: number
  readonly write: (text: string) => void
}
