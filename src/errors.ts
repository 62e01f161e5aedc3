/**
 * What went wrong outside the agent, and which exit code that is.
 *
 * `usage` and `input`: nothing was spent (2). `evidence`: something that was to be
 * measured is missing (4). A failed trial or gate is never an error; it is data.
 */
const exitCodes = { usage: 2, input: 2, evidence: 4 } as const

export type ErrorCode = keyof typeof exitCodes

/** Where in a file a problem stands; `line` and `column` count from 1. */
export interface SourcePosition {
  readonly file: string
  readonly line?: number
  readonly column?: number
}

export interface ErrorDetails {
  readonly source?: SourcePosition
  /** What would work, in words or as a command. */
  readonly hint?: string
  readonly cause?: unknown
}

/**
 * A fault of the input or the surroundings, told to the user without a stack.
 *
 * Anything else that is thrown is a bug and shows its stack.
 */
export class AgentEvalError extends Error {
  readonly code: ErrorCode
  readonly source: SourcePosition | undefined
  readonly hint: string | undefined

  constructor(message: string, code: ErrorCode, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'AgentEvalError'
    this.code = code
    this.source = details.source
    this.hint = details.hint
  }

  get exitCode(): 2 | 4 {
    return exitCodes[this.code]
  }
}
