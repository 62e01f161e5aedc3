import type { Expectation } from '../schema/expect.ts'
import type { Grade } from '../schema/grade.ts'
import { truncate } from '../text/truncate.ts'
import type { TrialView } from './trial-view.ts'

/** A grade before its grader's id is on it. */
export type Judgement = Grade extends infer G
  ? G extends Grade
    ? Omit<G, 'grader'>
    : never
  : never

/** Judges one trial; `undefined` when this trial has nothing of the kind to judge. */
export type Check = (view: TrialView) => Judgement | undefined

export interface Grader {
  readonly id: string
  /**
   * Reads what a case expects and compiles it once for all trials of the case.
   *
   * @returns `undefined` when the case expects nothing of this grader: it then gives no grade
   * @throws AgentEvalError (input) where a pattern, an expression or a schema does not compile
   */
  readonly prepare: (expect: Expectation) => Promise<Check | undefined>
}

/**
 * A grader that looks at one part of what a case expects.
 *
 * @param definition.expected - picks that part; `undefined` means there is nothing to judge
 * @param definition.prepare - compiles the part into a check, so that trials cost little
 */
export function defineGrader<Part>(definition: {
  readonly id: string
  readonly expected: (expect: Expectation) => Part | undefined
  readonly prepare: (part: Part) => Check | Promise<Check>
}): Grader {
  return {
    id: definition.id,
    async prepare(expect) {
      const part = definition.expected(expect)
      return part === undefined ? undefined : definition.prepare(part)
    },
  }
}

/** Reasons stand in tables and comments; what they quote is shortened before, this is the last line. */
const longestReason = 500

export function pass(): Judgement {
  return { status: 'pass' }
}

/** @param events - sequence numbers that show it; empty where something is missing */
export function fail(reason: string, events: readonly number[]): Judgement {
  return { status: 'fail', reason: truncate(reason, longestReason), events: [...events] }
}

/** Nothing is known: neither a pass nor a fail. */
export function unscored(reason: string): Judgement {
  return { status: 'unscored', reason: truncate(reason, longestReason) }
}

/** The first judgement that is no pass; a pass when all are. */
export function firstFailure(judgements: Iterable<Judgement>): Judgement {
  for (const judgement of judgements) {
    if (judgement.status !== 'pass') return judgement
  }
  return pass()
}
