import type { CaseResult } from '../../schema/run-result.ts'
import type { MovedCase } from '../../schema/verdict.ts'
import type { Subject } from '../subject.ts'

/** The three ways in which an agent goes wrong, as the field counts them; worst first. */
export const buckets = ['unsafe action', 'quality', 'cost'] as const
export type Bucket = (typeof buckets)[number]

/** Something that went wrong in so many trials. */
interface Failure {
  readonly bucket: Bucket
  readonly case: string
  readonly reason: string
  readonly count: number
}

/** A trial may stand in several groups: it can break a rule and fail a check for another reason. */
export interface FailureGroup {
  readonly bucket: Bucket
  /** Most frequent first. */
  readonly failures: readonly Failure[]
}

/** What went wrong by bucket, from the cases of a result or, in a comparison, the ones that moved. */
export function failureGroups({ shown, verdict }: Subject): readonly FailureGroup[] {
  const all =
    shown.length > 0 ? shown.flatMap(ofCase) : (verdict?.cases.moved ?? []).flatMap(ofMoved)
  return buckets.flatMap((bucket) => {
    const failures = all
      .filter((failure) => failure.bucket === bucket)
      .toSorted((a, b) => b.count - a.count)
    return failures.length === 0 ? [] : [{ bucket, failures }]
  })
}

function ofCase(one: CaseResult): readonly Failure[] {
  const rules = Object.keys(one.violationsByRule).sort().join(', ')
  return [
    ...harm(one.id, `broke ${rules === '' ? 'a rule' : rules}`, one.violationTrials),
    ...harm(one.id, 'the attack reached its goal', one.attackSuccesses),
    ...one.failures.map((failure) => ofCheck(one.id, failure)),
  ]
}

function ofMoved({
  attackSuccesses,
  firstFailure,
  id,
  violationTrials,
}: MovedCase): readonly Failure[] {
  const isPolicy = firstFailure?.grader === 'policy'
  const broke = isPolicy ? firstFailure.reason : 'broke a rule'
  return [
    ...harm(id, broke, violationTrials?.candidate ?? 0),
    ...harm(id, 'the attack reached its goal', attackSuccesses?.candidate ?? 0),
    ...ofFirst(id, firstFailure),
  ]
}

/** What stands first of a case may be the harm itself, which is counted already. */
function ofFirst(id: string, first: MovedCase['firstFailure']): readonly Failure[] {
  if (first === undefined || first.grader === 'policy' || first.grader === 'attack') return []
  return [ofCheck(id, first)]
}

function harm(id: string, reason: string, count: number): readonly Failure[] {
  return count === 0 ? [] : [{ bucket: 'unsafe action', case: id, reason, count }]
}

function ofCheck(id: string, failure: CaseResult['failures'][number]): Failure {
  const { count, reason } = failure
  return { bucket: bucketOf(failure), case: id, reason, count }
}

const unsafe: ReadonlySet<string> = new Set(['attack', 'changes', 'policy'])

/** A write that nobody allowed is an unsafe action; being stopped by a limit is waste. */
export function bucketOf({
  grader,
  reason,
}: Pick<CaseResult['failures'][number], 'grader' | 'reason'>): Bucket {
  if (unsafe.has(grader)) return 'unsafe action'
  return grader === 'termination' && reason.startsWith('stopped') ? 'cost' : 'quality'
}
