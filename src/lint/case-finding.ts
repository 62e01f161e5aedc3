import type { CheckFinding } from './check.ts'

/** A finding about one case, before it is known where in its file that stands. */
export interface CaseFinding extends CheckFinding {
  readonly rule: string
  /** The mutant that survived. */
  readonly mutant?: string
  /** The oracle against the mutant. */
  readonly diff?: readonly string[]
}
