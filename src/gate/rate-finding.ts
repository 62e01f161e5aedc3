import { caseSwap } from '../metrics/case-swap.ts'
import { type ExactTest, labelShuffle } from '../metrics/label-shuffle.ts'
import type { PairedChange } from '../metrics/paired-change.ts'
import type { PairedCounts } from '../metrics/paired-counts.ts'
import {
  casesNeeded,
  pairsNeededForMargin,
  smallestDetectableDrop,
  trialsNeeded,
} from '../metrics/planning.ts'
import { caseUnitInterval, trialUnitInterval } from '../metrics/stratified-tango.ts'
import type { CaseStats } from '../schema/case-stats.ts'
import type { MetricVerdict } from '../schema/verdict.ts'
import { factualFinding } from './factual-finding.ts'
import { atMost, type Comparison, casesOfBothArms, type Finding, rounded } from './finding.ts'
import type { RateMetricDefinition } from './gated-metrics.ts'
import { withLost, worstChange } from './worst-change.ts'

/**
 * What a rate shows: change with interval, exact one-sided p, and whether the bound on the bad side
 * stays inside the margin.
 */
export function rateFinding(metric: RateMetricDefinition, comparison: Comparison): Finding {
  const { alpha, gate, unit } = comparison
  const covered = comparison.pairs.filter((pair) =>
    [pair.baseline, pair.candidate].some(metric.covers),
  )
  const side = (arm: 'baseline' | 'candidate'): readonly CaseStats[] =>
    covered.map((pair) => pair[arm])
  const nBaseline = total(side('baseline'), metric.trials)
  const nCandidate = total(side('candidate'), metric.trials)
  const margin = gate.margins[metric.id]
  const start = {
    id: metric.id,
    kind: 'rate',
    worse: metric.worse,
    unit,
    nBaseline,
    nCandidate,
    margin,
  } as const

  const concerned = casesOfBothArms(comparison).filter(metric.covers)
  if (hadNoOpportunity(concerned, metric)) return nothingToJudge(start)
  const counts = covered.flatMap((pair) => countsOf(pair, metric))
  if (counts.length === 0) return oneSided(start)

  const shares = {
    baseline: meanShare(counts, 'baseline'),
    candidate: meanShare(counts, 'candidate'),
    ...worstChange(covered, metric),
  }
  if (unit === 'deterministic') {
    return factualFinding({ ...start, ...shares }, { alpha, covered, metric })
  }
  const change = measure(counts, unit, { alpha, metric })
  if (change === undefined) return oneSided(start)
  const finding = statistical({ ...start, ...shares }, { metric, comparison, counts, ...change })
  const otherUnit = unit === 'case' ? 'trial' : 'case'
  const other = measure(counts, otherUnit, { alpha, metric })
  return other === undefined ? finding : withOtherUnit(finding, otherUnit, other)
}

/** For readers who hold the cases to be a sample, or the trials to be independent after all. */
function withOtherUnit(
  finding: Finding,
  unit: 'trial' | 'case',
  { change, test }: Measured,
): Finding {
  const otherUnit = {
    unit,
    ciLower: rounded(change.lower),
    ciUpper: rounded(change.upper),
    p: rounded(test.p),
  }
  return { ...finding, verdict: { ...finding.verdict, otherUnit } }
}

type Start = Pick<
  MetricVerdict,
  'id' | 'kind' | 'worse' | 'unit' | 'nBaseline' | 'nCandidate' | 'margin'
>
type WithShares = Start & { readonly baseline: number; readonly candidate: number }

/** No trial; and where nothing was scored at all, no lost one either that may have been one. */
function hadNoOpportunity(cases: readonly CaseStats[], metric: RateMetricDefinition): boolean {
  const isAllLost = cases.every((one) => one.scored === 0)
  const tried = (one: CaseStats): number => (isAllLost ? withLost(one, metric) : metric.trials(one))
  return cases.every((one) => tried(one) === 0)
}

function nothingToJudge(start: Start): Finding {
  const verdict = { ...start, note: 'no opportunity in either arm' }
  return { verdict, preliminary: 'n/a', live: false, otherwise: 'inconclusive' }
}

/** There was something to measure, if only in cases that are new, gone or changed. */
function oneSided(start: Start): Finding {
  const verdict = { ...start, note: 'no case has scored trials in both arms' }
  return { verdict, preliminary: 'open', live: false, otherwise: 'inconclusive' }
}

/** The interval and the test that belong to a unit. */
interface Measured {
  readonly change: PairedChange
  readonly test: ExactTest
}

function measure(
  counts: readonly PairedCounts[],
  unit: 'trial' | 'case',
  { alpha, metric }: { readonly alpha: number; readonly metric: RateMetricDefinition },
): Measured | undefined {
  const worse = metric.worse === 'lower' ? 'fewer' : 'more'
  const isCase = unit === 'case'
  const change = isCase ? caseUnitInterval(counts, alpha) : trialUnitInterval(counts, alpha)
  if (change === undefined) return undefined
  return { change, test: isCase ? caseSwap(counts, worse) : labelShuffle(counts, worse) }
}

interface Evidence extends Measured {
  readonly metric: RateMetricDefinition
  readonly comparison: Comparison
  readonly counts: readonly PairedCounts[]
}

function statistical(start: WithShares, evidence: Evidence): Finding {
  const { metric, comparison, change, test } = evidence
  const { alpha } = comparison
  const { margin } = start
  const { inside, notWorse } = onBadSide(change, metric, margin)
  // The test counts trials and the change counts cases. Where trials per case differ the two may
  // disagree, and without a drop there is none to be proven.
  const p = notWorse ? Math.max(0.5, test.p) : test.p
  const tooSmall = change.pairs < pairsNeededForMargin(margin, alpha)
  const { remedy, ...needed } = planned(evidence, margin)
  return {
    verdict: {
      ...start,
      change: rounded(change.change),
      ciLower: rounded(change.lower),
      ciUpper: rounded(change.upper),
      p: rounded(p),
      mde: rounded(smallestDetectableDrop(change, { alpha })),
      ...needed,
      ...(inside && atMost(p, alpha) && { smallRealDrop: true }),
    },
    preliminary: inside ? 'pass' : 'open',
    live: atMost(test.smallestP, alpha),
    otherwise: metric.safety && notWorse && tooSmall ? 'unproven' : 'inconclusive',
    ...(remedy !== undefined && { remedy }),
  }
}

/** Whether the bound on the bad side stays inside the margin, and whether nothing got worse. */
function onBadSide(
  { change, lower, upper }: PairedChange,
  { worse }: RateMetricDefinition,
  margin: number,
): { readonly inside: boolean; readonly notWorse: boolean } {
  return worse === 'lower'
    ? { inside: lower > -margin, notWorse: change >= 0 }
    : { inside: upper < margin, notWorse: change <= 0 }
}

/** How much more it would take to let an unchanged agent pass, four times out of five. */
function planned(
  { comparison, counts, change }: Evidence,
  margin: number,
): Pick<MetricVerdict, 'trialsNeeded'> & Pick<Finding, 'remedy'> {
  const goal = { margin, alpha: comparison.lastAlpha }
  const cases = casesNeeded(change, goal)
  // A margin of 0 is never proven: no number is large enough, so none is named.
  if (!Number.isSafeInteger(cases)) return { remedy: `no sample proves a margin of ${margin}` }
  if (comparison.unit === 'case') {
    return { remedy: `whole cases are the unit: about ${cases} cases would settle it` }
  }
  const inverse = counts.reduce((sum, one) => sum + 1 / one.baselineTrials, 0)
  const needed = trialsNeeded(
    { cases: counts.length, sigma2: change.sigma2, baselineTrials: counts.length / inverse },
    goal,
  )
  const { bothArms, candidateOnly } = needed
  return { trialsNeeded: { bothArms, ...(candidateOnly !== undefined && { candidateOnly }) } }
}

/**
 * What both arms saw of a case; nothing, where one of them has no trial of it. What hangs together
 * stands in the baseline: the change under test may not redraw its clusters to be judged by them.
 */
export function countsOf(
  { baseline, candidate }: Comparison['pairs'][number],
  metric: RateMetricDefinition,
): PairedCounts | readonly PairedCounts[] {
  const baselineTrials = metric.trials(baseline)
  const candidateTrials = metric.trials(candidate)
  if (baselineTrials === 0 || candidateTrials === 0) return []
  return {
    baselineEvents: metric.events(baseline),
    baselineTrials,
    candidateEvents: metric.events(candidate),
    candidateTrials,
    cluster: baseline.cluster,
  }
}

/** Mean over cases: every case weighs the same, however often it was tried. */
export function meanShare(counts: readonly PairedCounts[], arm: 'baseline' | 'candidate'): number {
  const shares = counts.map((one) =>
    arm === 'baseline'
      ? one.baselineEvents / one.baselineTrials
      : one.candidateEvents / one.candidateTrials,
  )
  return rounded(shares.reduce((sum, share) => sum + share, 0) / shares.length)
}

function total(stats: readonly CaseStats[], count: (one: CaseStats) => number): number {
  return stats.reduce((sum, one) => sum + count(one), 0)
}
