import type { GradedTrial } from '../graders/grade-trial.ts'
import type { Grade } from '../schema/grade.ts'

/**
 * One trial that lint played, and how its case judged it: the calls in `view.calls` (arguments as
 * they were made, what came back, whether they took effect), the words in `view.replies`, the state
 * it left in `view.state`, and what became of the attack in `attack`.
 *
 * The n-th call of the steps that were played is `view.calls[n - 1]`, unless the trial ended before.
 */
export interface Played extends GradedTrial {
  /** The grade that decided against it; the first of several. */
  readonly failed: Extract<Grade, { status: 'fail' }> | undefined
  /** Why it did not pass, in words. */
  readonly reason: string | undefined
  /** Whether the judging policy was asked; otherwise `violations` has undeclared effects alone. */
  readonly judged: boolean
}
