import type { Fact, MovedCase, Verdict } from '../../schema/verdict.ts'
import { isWorse, movedLabel, whyNotDeciding } from '../cases/moved-cases.ts'
import { countOf, plural } from '../format.ts'
import type { TestRow } from './test-rows.ts'

/** What JUnit knows of a test that did not pass. */
export interface TestOutcome {
  readonly element: 'failure' | 'error' | 'skipped'
  /** A few constant words that tools group by. */
  readonly type: string
  readonly message: string
}

/** What is known of one case beside its own sums. */
export interface TestGround {
  readonly verdict: Verdict | undefined
  readonly moved: MovedCase | undefined
  /** Facts that no waiver excuses and that name the case. */
  readonly facts: readonly Fact[]
}

/**
 * What becomes of a case whose gate decides on metrics and not on cases.
 *
 * - `failure`: of a red verdict every case that got worse: a rule was broken in it that allows no
 *   statistics, it shows a metric getting worse that regressed, or it broke by more than its own noise.
 *   A pass has no failure, however badly a case goes.
 * - `error`: trials were lost where evidence is missing, or all of them where the verdict is no pass.
 * - `skipped`: nothing is known that could be green or red: a case that does not gate, one that got worse
 *   where the metrics do not decide or allow it, one without a trial that passed, and, where nobody decided, every
 *   case with a trial that did not pass.
 * - `undefined`: it passes. Of its trials at least one did; that others failed is within the noise that
 *   the verdict allows.
 */
export function testOutcome(row: TestRow, ground: TestGround): TestOutcome | undefined {
  return broken(row, ground) ?? idle(row) ?? lost(row, ground) ?? worse(ground) ?? open(row, ground)
}

/** By what happened in this case: the message of a fact is about the whole run. */
function broken(row: TestRow, { facts, moved }: TestGround): TestOutcome | undefined {
  const [fact] = facts
  if (fact === undefined) return undefined
  const rules = facts.flatMap(({ rule }) => rule ?? [])
  const counts = brokenTrials(row, moved)
  const isTold = rules.length === facts.length && counts.now > 0
  const message = isTold ? `${ruleWords(counts, moved)}: ${rules.join(', ')}` : fact.message
  return { element: 'failure', type: 'violation', message }
}

interface TrialsOf {
  readonly now: number
  readonly of: number
}

function brokenTrials({ stats }: TestRow, moved: MovedCase | undefined): TrialsOf {
  if (stats !== undefined) return { now: stats.violationTrials, of: stats.judged }
  return { now: moved?.violationTrials?.candidate ?? 0, of: moved?.candidateScored ?? 0 }
}

const whyIdle = {
  draft: 'a draft does not gate',
  quarantined: 'a quarantined case does not gate',
  dev: 'a case of the dev split does not gate',
} as const

function idle({ idle: why, passed, scored }: TestRow): TestOutcome | undefined {
  return why === undefined
    ? undefined
    : skipped('idle', `${whyIdle[why]}; ${countOf(passed, scored)} trials passed`)
}

function worse({ moved, verdict }: TestGround): TestOutcome | undefined {
  if (moved === undefined || verdict === undefined) return undefined
  if (movedLabel(moved, verdict) !== 'FAIL') return undefined
  // That an attack won or a rule was broken stands in the counts already.
  const isTold = harmWords(moved) !== ''
  const reason = moved.firstFailure === undefined || isTold ? '' : `: ${moved.firstFailure.reason}`
  const why = whyNotDeciding(moved, verdict)
  const message = `${bothArms(moved)}${reason}${why === '' ? '' : `; ${why}`}`
  return { element: 'failure', type: 'regression', message }
}

function lost({ lost: count, scored }: TestRow, { verdict }: TestGround): TestOutcome | undefined {
  if (count === 0) return undefined
  const message = `${count} of ${plural(count + scored, 'trial')} lost, not counted as failed`
  const isMissed = verdict?.status === 'error' || (scored === 0 && verdict?.status !== 'pass')
  if (isMissed) return { element: 'error', type: 'lost', message }
  return scored === 0 ? skipped('lost', message) : undefined
}

function open(row: TestRow, ground: TestGround): TestOutcome | undefined {
  const { moved, verdict } = ground
  const { passed, scored } = row
  if (moved?.direction === 'worse' && verdict !== undefined && isOpen(verdict)) {
    return skipped('undecided', `undecided: ${bothArms(moved)}`)
  }
  const kept = allowed(ground)
  if (kept !== undefined) return kept
  if (scored === 0) return skipped('not tried', 'no trial of it was made')
  if (passed === 0) {
    return skipped(
      'no decision',
      `no trial passed (${countOf(passed, scored)}), and no verdict rests on it`,
    )
  }
  return verdict === undefined && passed < scored
    ? skipped('no decision', `nobody decided: ${countOf(passed, scored)} trials passed`)
    : undefined
}

/** Got worse beyond its own noise, and the verdict allows it. */
function allowed({ moved, verdict }: TestGround): TestOutcome | undefined {
  if (moved === undefined || verdict === undefined) return undefined
  if (!isWorse(moved, verdict)) return undefined
  return skipped('allowed', `got worse: ${bothArms(moved)}; ${whyNotDeciding(moved, verdict)}`)
}

function isOpen({ metrics, status }: Verdict): boolean {
  if (status === 'inconclusive' || status === 'error') return true
  return metrics.some((metric) => metric.status === 'inconclusive')
}

/** What got worse first: beside an attack that won, the user's own task is often done all the same. */
function bothArms(one: MovedCase): string {
  const now = countOf(one.candidatePassed, one.candidateScored)
  const was = countOf(one.baselinePassed, one.baselineScored)
  const harm = harmWords(one)
  return harm === ''
    ? `${now} trials passed, before ${was}`
    : `${harm} (task done ${now}, was ${was})`
}

function harmWords(one: MovedCase): string {
  const { attackSuccesses, baselineScored, candidateScored, violationTrials } = one
  const attacks =
    attackSuccesses === undefined || !isMore(attackSuccesses, one)
      ? []
      : [
          `attack won in ${countOf(attackSuccesses.candidate, candidateScored)} trials, was ` +
            countOf(attackSuccesses.baseline, baselineScored),
        ]
  const rules =
    violationTrials === undefined || !isMore(violationTrials, one)
      ? []
      : [ruleWords({ now: violationTrials.candidate, of: candidateScored }, one)]
  return [...attacks, ...rules].join('; ')
}

/** By shares: arms may have tried a case more or less often. */
function isMore(
  { baseline, candidate }: NonNullable<MovedCase['attackSuccesses']>,
  { baselineScored, candidateScored }: MovedCase,
): boolean {
  return candidate * Math.max(1, baselineScored) > baseline * Math.max(1, candidateScored)
}

function ruleWords({ now, of }: TrialsOf, moved: MovedCase | undefined): string {
  const before = moved?.violationTrials?.baseline
  const was =
    before === undefined || moved === undefined
      ? ''
      : `, was ${countOf(before, moved.baselineScored)}`
  return `rule broken in ${countOf(now, of)} trials${was}`
}

function skipped(type: string, message: string): TestOutcome {
  return { element: 'skipped', type, message }
}
