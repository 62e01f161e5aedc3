import { isJudgeGrade } from '../graders/judge.ts'
import type { TrialLine } from '../schema/trial.ts'
import { formatTrialKey } from '../schema/trial-key.ts'
import { sha256 } from '../text/hash.ts'

/** A trial that people could look at. */
export interface ReviewableTrial {
  /** As text, such as `refund.full#1`. */
  readonly trial: string
  readonly tier: number | undefined
  /** Criteria that its case asks. */
  readonly criteria: readonly string[]
  /** Whether a grade of the judge says otherwise than what was computed. */
  readonly gradesDisagree: boolean
}

/** Why a trial is looked at: by lot, or because somebody disagrees about it. */
export type ReviewReason = 'drawn' | 'votes-disagree' | 'grades-disagree'

export interface SampledTrial extends ReviewableTrial {
  readonly why: ReviewReason
}

/** What a trial line shows of a trial; `undefined` where its case asks no judge, or it did not end. */
export function reviewableTrial(
  line: TrialLine,
  only: string | undefined,
): ReviewableTrial | undefined {
  const judged = line.grades.filter(isJudgeGrade)
  const criteria = judged
    .map(({ grader }) => grader.slice(grader.indexOf(':') + 1))
    .filter((id) => only === undefined || id === only)
  if (criteria.length === 0 || line.outcome === 'incomplete') return undefined
  return {
    trial: formatTrialKey(line),
    tier: line.tier,
    criteria,
    gradesDisagree: doGradesDisagree(line),
  }
}

function doGradesDisagree({ grades }: TrialLine): boolean {
  const answered = grades.filter((grade) => isJudgeGrade(grade) && grade.status !== 'unscored')
  const others = grades.filter((grade) => !isJudgeGrade(grade) && grade.advisory !== true)
  if (answered.length === 0 || others.length === 0) return false
  const isFailed = others.some(({ status }) => status === 'fail')
  return isFailed
    ? answered.every(({ status }) => status === 'pass')
    : answered.some(({ status }) => status === 'fail')
}

/**
 * Chooses the trials that people look at: of each risk tier the share asked for, at least one, and
 * besides every trial on which the votes of the judge disagree with one another, or the judge with
 * what was computed.
 *
 * Which trials are drawn is decided by the seed and their names, in whatever order they come.
 *
 * @param options.share - of the trials of each tier, in (0, 1]
 * @param options.votesDisagree - trials, as text, whose votes are not all the same
 * @returns in an order that the seed decides too, so that whoever stops early has seen a bit of all
 */
export function sampleReview(
  trials: readonly ReviewableTrial[],
  options: {
    readonly share: number
    readonly seed: number
    readonly votesDisagree: ReadonlySet<string>
  },
): readonly SampledTrial[] {
  const { seed, share, votesDisagree } = options
  const rankOf = ({ trial }: ReviewableTrial): string => sha256(`review\n${seed}\n${trial}`)
  const ranked = trials.toSorted((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1))
  const drawn = new Set(
    [...new Set(trials.map(({ tier }) => tier))].flatMap((tier) => {
      const ofTier = ranked.filter((one) => one.tier === tier)
      return ofTier.slice(0, Math.max(1, Math.round(ofTier.length * share)))
    }),
  )
  return ranked.flatMap((one) => {
    const why = whyOf(one, drawn.has(one), votesDisagree)
    return why === undefined ? [] : [{ ...one, why }]
  })
}

function whyOf(
  one: ReviewableTrial,
  isDrawn: boolean,
  votesDisagree: ReadonlySet<string>,
): ReviewReason | undefined {
  if (votesDisagree.has(one.trial)) return 'votes-disagree'
  if (one.gradesDisagree) return 'grades-disagree'
  return isDrawn ? 'drawn' : undefined
}
