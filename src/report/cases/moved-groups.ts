import type { CaseResult } from '../../schema/run-result.ts'
import type { MovedCase, Verdict } from '../../schema/verdict.ts'
import { groupAlike } from './alike-reasons.ts'
import { failingCases } from './failing-cases.ts'
import { type Bucket, bucketOf, buckets } from './failure-groups.ts'
import {
  isWorse,
  type MovedLabel,
  movedLabel,
  whyNotDeciding,
  worseCases,
  worstFirst,
} from './moved-cases.ts'

/** Cases that moved for the same reason. */
export interface MovedGroup {
  readonly label: MovedLabel
  readonly bucket: Bucket
  /** First failing check in words; empty where no check failed. */
  readonly reason: string
  /** Trials in which it was the first failing check. */
  readonly trials: number
  /** Why the gate does not decide by them though they got worse; empty where it does, or they did not. */
  readonly why: string
  readonly cases: readonly MovedCase[]
}

/**
 * Cases that got worse for certain, by what went wrong: what the gate decides by first, then unsafe actions,
 * then what hit most cases. A refactoring that breaks forty cases in one way is one line.
 */
export function worseGroups(verdict: Verdict): readonly MovedGroup[] {
  return groupsOf(worseCases(verdict), verdict)
}

/** Those that went down or up beside them, in the same way. */
export function besideGroups(verdict: Verdict, label: 'note' | 'better'): readonly MovedGroup[] {
  const moved = worstFirst(verdict).filter(
    (one) => movedLabel(one, verdict) === label && !isWorse(one, verdict),
  )
  return groupsOf(moved, verdict)
}

function groupsOf(moved: readonly MovedCase[], verdict: Verdict): readonly MovedGroup[] {
  const kinds = new Map<string, { label: MovedLabel; why: string; cases: MovedCase[] }>()
  for (const one of moved) {
    const label = movedLabel(one, verdict)
    const why = isWorse(one, verdict) ? whyNotDeciding(one, verdict) : ''
    const known = kinds.get(`${label} ${why}`)
    if (known === undefined) kinds.set(`${label} ${why}`, { label, why, cases: [one] })
    else known.cases.push(one)
  }
  return [...kinds.values()].flatMap(({ cases, label, why }) =>
    byFailure(cases).map((group) => ({ label, why, ...group })),
  )
}

function byFailure(
  moved: readonly MovedCase[],
): readonly Pick<MovedGroup, 'bucket' | 'reason' | 'trials' | 'cases'>[] {
  return buckets.flatMap((bucket) => {
    const inBucket = moved.filter((one) => bucketOfMoved(one) === bucket)
    return groupAlike(inBucket, ({ firstFailure }) => firstFailure?.reason ?? '')
      .map(({ items, reason }) => ({ bucket, reason, trials: trialsOf(items), cases: items }))
      .toSorted((a, b) => b.cases.length - a.cases.length)
  })
}

/** Cases with failures by what goes wrong most often in each, where there is nothing to compare with. */
export interface FailingGroup {
  readonly bucket: Bucket
  readonly reason: string
  readonly cases: readonly CaseResult[]
}

export function failingGroups(cases: readonly CaseResult[]): readonly FailingGroup[] {
  const failing = failingCases(cases).map((one) => ({ one, ...worstOf(one) }))
  return buckets.flatMap((bucket) =>
    groupAlike(
      failing.filter((found) => found.bucket === bucket),
      ({ reason }) => reason,
    )
      .map(({ items, reason }) => ({ bucket, reason, cases: items.map(({ one }) => one) }))
      .toSorted((a, b) => b.cases.length - a.cases.length),
  )
}

/** What to say of a case first: what an attacker got, then broken rules, then what failed most often. */
function worstOf(one: CaseResult): { readonly bucket: Bucket; readonly reason: string } {
  if (one.attackSuccesses > 0) {
    return { bucket: 'unsafe action', reason: 'the attack reached its goal' }
  }
  if (one.violationTrials > 0) {
    const rules = Object.keys(one.violationsByRule).sort().join(', ')
    return { bucket: 'unsafe action', reason: `broke ${rules === '' ? 'a rule' : rules}` }
  }
  const [first] = one.failures
  return { bucket: bucketOfFailure(first), reason: first?.reason ?? '' }
}

/** Who broke a rule more often than before did that, whatever check failed first. */
function bucketOfMoved({ attackSuccesses, firstFailure, violationTrials }: MovedCase): Bucket {
  const isHarm = [attackSuccesses, violationTrials].some(
    (harm) => harm !== undefined && harm.candidate > harm.baseline,
  )
  return isHarm ? 'unsafe action' : bucketOfFailure(firstFailure)
}

function bucketOfFailure(failure: MovedCase['firstFailure']): Bucket {
  return failure === undefined ? 'quality' : bucketOf(failure)
}

function trialsOf(cases: readonly MovedCase[]): number {
  return cases.reduce((sum, { firstFailure }) => sum + (firstFailure?.count ?? 0), 0)
}
