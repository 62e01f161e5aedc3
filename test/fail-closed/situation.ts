import type { Desk } from './desk.ts'

/** What a command line came to; `null`: something else than the program ended it. */
export interface Ended {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/**
 * A verdict, or why there is none. `refused`: nothing was spent. `unjudged`: nobody asked for a
 * verdict. `interrupted`: it can go on.
 */
export type Outcome =
  | 'pass'
  | 'regression'
  | 'inconclusive'
  | 'error'
  | 'refused'
  | 'unjudged'
  | 'interrupted'

/** One situation in which a tool of this kind has turned green, and what ours does in it. */
export interface Situation {
  /** Never reused: people link to it. */
  readonly id: string
  readonly situation: string
  /** Where it was seen: `owner/repo#number`. */
  readonly sources: readonly string[]
  /** A file that not every system has; without it the test is skipped. */
  readonly needs?: string
  readonly run: (desk: Desk) => Promise<Ended>
  readonly expected: {
    readonly outcome: Outcome
    readonly exitCode: number
    /** Words of the output, as they stand there but for line breaks. */
    readonly says: string
  }
}

export interface Chapter {
  readonly title: string
  readonly situations: readonly Situation[]
}
