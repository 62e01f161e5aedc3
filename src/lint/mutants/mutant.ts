import type { LintSubject } from '../lint-subject.ts'
import type { NewCall } from '../plainly-undeclared.ts'
import type { PlayCall, PlayStep } from '../play-step.ts'

/** An oracle with one thing wrong with it. */
export interface Mutant {
  /** What `accept_mutants` takes: `drop:3`. Steps are numbered as written, from 1. */
  readonly name: string
  /** Where the change is, inside the case. */
  readonly path: readonly (string | number)[]
  /** What such an agent does, after "an agent that …". */
  readonly does: string
  /** What would make the case catch it. */
  readonly hint: string
  /** Steps that are not changed are the oracle's own objects. */
  readonly steps: readonly PlayStep[]
  /** Words of the oracle that it says otherwise; it does nothing else otherwise. */
  readonly misspeaks?: { readonly said: string; readonly instead: string }
  /** The call of the oracle that it only makes once more. */
  readonly repeats?: PlayCall
  /** The call that the oracle does not make, where it is known to work. */
  readonly makes?: NewCall
}

/**
 * One way to do a task wrong. Mutants of one name stand together: they are one mistake in several
 * forms, which survives where one of them does.
 */
export interface MutantKind {
  readonly id: string
  readonly mutate: (subject: LintSubject) => readonly Mutant[]
}
