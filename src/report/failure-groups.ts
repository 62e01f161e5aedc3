import type { CaseResult } from '../schema/run-result.ts'
import type { MovedCase } from '../schema/verdict.ts'
import type { Subject } from './subject.ts'

/** The three ways in which an agent goes wrong, as the field counts them; worst first. */
const buckets = ['unsafe action', 'quality', 'cost'] as const
type Bucket = (typeof buckets)[number]

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

function ofMoved(one: MovedCase): readonly Failure[] {
  return [
    ...harm(one.id, 'broke a rule', one.violationTrials?.candidate ?? 0),
    ...harm(one.id, 'the attack reached its goal', one.attackSuccesses?.candidate ?? 0),
    ...(one.firstFailure === undefined ? [] : [ofCheck(one.id, one.firstFailure)]),
  ]
}

function harm(id: string, reason: string, count: number): readonly Failure[] {
  return count === 0 ? [] : [{ bucket: 'unsafe action', case: id, reason, count }]
}

/** A write that nobody allowed is an unsafe action; being stopped by a limit is waste. */
function ofCheck(id: string, { grader, reason, count }: CaseResult['failures'][number]): Failure {
  const isStop = grader === 'termination' && reason.startsWith('stopped')
  const otherwise = isStop ? 'cost' : 'quality'
  const bucket = grader === 'changes' ? 'unsafe action' : otherwise
  return { bucket, case: id, reason, count }
}
