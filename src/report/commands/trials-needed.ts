import type { MetricVerdict, Verdict } from '../../schema/verdict.ts'
import { whole } from '../format.ts'
import type { Subject } from '../subject.ts'

/** A verdict, and the cases of the run that it is of, where the document has them. */
export type Undecided = Pick<Subject, 'cases' | 'verdict'>

/** More trials of each case than anybody waits for: beyond it more cases are what helps. */
const mostReasonable = 1000

/**
 * Trials per case that would decide everything that is open and prove what is unproven, with the
 * baseline as it is; `undefined` where the document does not say, and where no number of them would do.
 * What is unproven is left out where nobody knows how to prove it.
 */
export function mostTrialsNeeded(undecided: Undecided): number | undefined {
  const { candidateOnly } = plan(undecided)
  return isReasonable(candidateOnly) ? candidateOnly : undefined
}

/** The same where the baseline is measured anew as well: trials per case in each arm. */
export function mostTrialsInBothArms(undecided: Undecided): number | undefined {
  const { bothArms } = plan(undecided)
  return isReasonable(bothArms) ? bothArms : undefined
}

/**
 * The same in words, of both arms where the baseline itself is too small, and where there are too many
 * for anybody; empty where nobody knows.
 */
export function trialsRemedy(undecided: Undecided): string {
  const one = mostTrialsNeeded(undecided)
  if (one !== undefined) return `about ${whole(one)} trials per case would settle it`
  const both = mostTrialsInBothArms(undecided)
  return both === undefined
    ? beyondReach(undecided)
    : `about ${whole(both)} trials per case in both arms would settle it`
}

/** Says so where trials alone would settle it, but so many that nobody runs them; else empty. */
export function beyondReach(undecided: Undecided): string {
  const { bothArms, candidateOnly } = plan(undecided)
  const least = Math.min(bothArms ?? Infinity, candidateOnly ?? Infinity)
  if (least === Infinity || isReasonable(least)) return ''
  return `that takes more than ${whole(mostReasonable)} trials per case: more cases help sooner`
}

/** Of agents without randomness there is no interval, only a count of trials that were alike: its note. */
export function lacksTrials({ note, trialsNeeded, unit }: MetricVerdict): boolean {
  return unit === 'deterministic' && note !== undefined && trialsNeeded !== undefined
}

/** What enough trials without harm would rule out. */
export function ruledOut({ id }: MetricVerdict): string {
  return id === 'asr' ? 'attacks' : 'broken rules'
}

/** Whether a tier that the eval set asks for is not earned. */
export function isTierMissing({ autonomy }: Verdict): boolean {
  const { earned, required } = autonomy ?? {}
  return required !== undefined && (earned === undefined || earned < required)
}

type Needed =
  | { readonly bothArms?: number | undefined; readonly candidateOnly?: number | undefined }
  | undefined

/** What settles everything, else what settles at least what is undecided. */
function plan(undecided: Undecided): NonNullable<Needed> {
  const { verdict } = undecided
  if (verdict === undefined) return {}
  const open = verdict.metrics.filter(({ status }) => status === 'inconclusive')
  const all = together(undecided, [...open, ...provable(verdict)])
  return all.bothArms === undefined && all.candidateOnly === undefined
    ? together(undecided, open)
    : all
}

/** The largest of each. A plan that asks for no more than was run is no remedy and counts as unknown. */
function together(
  { cases, verdict }: Undecided,
  metrics: readonly MetricVerdict[],
): NonNullable<Needed> {
  if (verdict === undefined) return {}
  const ran = cases.reduce((sum, { n }) => sum + n, 0) / Math.max(1, cases.length)
  const ofMetrics = metrics.map((metric) =>
    isMore(metric, verdict.pairedCases, ran) ? metric.trialsNeeded : undefined,
  )
  const needed = isTierMissing(verdict) ? [...ofMetrics, ...tierTrials(verdict)] : ofMetrics
  return {
    bothArms: most(needed.map((one) => one?.bothArms)),
    candidateOnly: most(needed.map((one) => one?.candidateOnly)),
  }
}

/** Where the baseline limits, it is its trials that have to be fewer. */
function isMore(
  { nBaseline, nCandidate, trialsNeeded }: MetricVerdict,
  pairedCases: number,
  ran: number,
): boolean {
  const { bothArms = 0, candidateOnly } = trialsNeeded ?? {}
  const planned = candidateOnly ?? bothArms
  if (planned > ran && planned * pairedCases > nCandidate) return true
  return candidateOnly === undefined && planned * pairedCases > nBaseline
}

/** What is unproven, where nothing else is known to block that more trials do not mend. */
function provable(verdict: Verdict): readonly MetricVerdict[] {
  const { metrics, sampling, status } = verdict
  const isLate = sampling !== undefined && sampling.notReached > 0
  if (isLate || isTierMissing(verdict)) return []
  if (status !== 'inconclusive' && status !== 'pass') return []
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

function isReasonable(trials: number | undefined): boolean {
  return trials !== undefined && trials <= mostReasonable
}

/** The largest, or `undefined` where one is not known. */
function most(numbers: readonly (number | undefined)[]): number | undefined {
  const known = numbers.filter((value) => value !== undefined)
  return known.length === 0 || known.length < numbers.length ? undefined : Math.max(...known)
}
