import type { MetricVerdict, Verdict } from '../../schema/verdict.ts'
import { whole } from '../format.ts'
import type { Subject } from '../subject.ts'

/** A verdict, and the cases of the run that it is of, where the document has them. */
export type Undecided = Pick<Subject, 'cases' | 'verdict'>

/**
 * Trials per case that would decide everything that is open, with the baseline as it is; `undefined`
 * where the document does not say, and where no number of them would do.
 */
export function mostTrialsNeeded(undecided: Undecided): number | undefined {
  return most(moreTrials(undecided).map((needed) => needed?.candidateOnly))
}

/** The same where the baseline is measured anew as well: trials per case in each arm. */
export function mostTrialsInBothArms(undecided: Undecided): number | undefined {
  return most(moreTrials(undecided).map((needed) => needed?.bothArms))
}

/** The same in words, of both arms where the baseline itself is too small; empty where nobody knows. */
export function trialsRemedy(undecided: Undecided): string {
  const one = mostTrialsNeeded(undecided)
  if (one !== undefined) return `about ${whole(one)} trials per case would settle it`
  const both = mostTrialsInBothArms(undecided)
  return both === undefined
    ? ''
    : `about ${whole(both)} trials per case in both arms would settle it`
}

/** Whether a tier that the eval set asks for is not earned. */
export function isTierMissing({ autonomy }: Verdict): boolean {
  const { earned, required } = autonomy ?? {}
  return required !== undefined && (earned === undefined || earned < required)
}

type Needed = MetricVerdict['trialsNeeded']

/** Per open metric and threshold. A plan that asks for no more than was run is no remedy and left out. */
function moreTrials({ cases, verdict }: Undecided): readonly Needed[] {
  if (verdict === undefined) return []
  const ran = cases.reduce((sum, { n }) => sum + n, 0) / Math.max(1, cases.length)
  const ofMetrics = openMetrics(verdict).map(({ trialsNeeded, nCandidate }) => {
    const planned = trialsNeeded?.candidateOnly ?? trialsNeeded?.bothArms ?? 0
    const isMore = planned > ran && planned * verdict.pairedCases > nCandidate
    return isMore ? trialsNeeded : undefined
  })
  return isTierMissing(verdict) ? [...ofMetrics, ...tierTrials(verdict)] : ofMetrics
}

/** Undecided ones. What is unproven blocks for certain only where nothing else is known to. */
function openMetrics(verdict: Verdict): readonly MetricVerdict[] {
  const { metrics, sampling, status } = verdict
  const open = metrics.filter((metric) => metric.status === 'inconclusive')
  const isLate = sampling !== undefined && sampling.notReached > 0
  if (open.length > 0 || isLate || isTierMissing(verdict) || status !== 'inconclusive') return open
  return metrics.filter((metric) => metric.status === 'unproven')
}

/** What the thresholds of the required tiers ask for, by how many trials a case had in each. */
function tierTrials({ autonomy }: Verdict): readonly Needed[] {
  const { required = 0, tiers = [] } = autonomy ?? {}
  return tiers
    .filter(({ tier }) => tier <= required)
    .flatMap(({ cases, checks, trials }) =>
      checks
        .filter(({ status }) => status !== 'met')
        .map(({ n, trialsNeeded }): Needed => {
          if (trialsNeeded === undefined || trialsNeeded <= n || n === 0 || cases === 0)
            return undefined
          const perCase = Math.ceil((trialsNeeded / n) * (trials / cases))
          return { bothArms: perCase, candidateOnly: perCase }
        }),
    )
}

/** The largest, or `undefined` where one is not known. */
function most(numbers: readonly (number | undefined)[]): number | undefined {
  const known = numbers.filter((value) => value !== undefined)
  return known.length === 0 || known.length < numbers.length ? undefined : Math.max(...known)
}
