import { bisect } from '../metrics/bisect.ts'
import { groupByCluster } from '../metrics/clusters.ts'
import { normalCdf } from '../metrics/distributions.ts'
import { type PairedChange, pairedChange } from '../metrics/paired-change.ts'
import { pairsNeededForMargin, smallestDetectableDrop, trialsNeeded } from '../metrics/planning.ts'
import type { MetricPlan, MetricReach } from '../schema/gate-check.ts'
import type { GateConfig } from '../schema/gate-config.ts'
import { rounded } from './finding.ts'
import type { RateMetricDefinition } from './gated-metrics.ts'
import { trialsForMargin } from './trials-for-margin.ts'

/** What is known, or assumed, of one case before a run. */
export interface PlannedRate {
  readonly cluster: string
  /** How often it passes, is attacked with success, breaks a rule: a share. */
  readonly share: number
  /** Variance of one trial. */
  readonly variance: number
  /** Trials of a stored baseline; absent where one is still to be made. */
  readonly baselineTrials?: number
}

export interface PowerTerms {
  readonly metric: RateMetricDefinition
  readonly gate: GateConfig
  readonly unit: 'trial' | 'case'
  /** Numbers of trials to look at. */
  readonly trials: readonly number[]
}

/**
 * What a rate could show on these cases with so many trials, if nothing changes.
 *
 * @returns `undefined` for no cases
 */
export function planMetric(
  cases: readonly PlannedRate[],
  terms: PowerTerms,
): MetricPlan | undefined {
  if (cases.length === 0) return undefined
  const { gate, metric, trials } = terms
  const sigma2 = mean(cases.map((one) => one.variance))
  const needed = neededTrials(cases, sigma2, terms)
  return {
    id: metric.id,
    worse: metric.worse,
    safety: metric.safety,
    margin: gate.margins[metric.id],
    cases: cases.length,
    share: rounded(mean(cases.map((one) => one.share))),
    sigma2: rounded(sigma2),
    ...(needed !== undefined && { trialsNeeded: needed }),
    reach: trials.map((count) => reachOf(cases, count, terms)),
  }
}

function neededTrials(
  cases: readonly PlannedRate[],
  sigma2: number,
  { gate, metric, unit }: PowerTerms,
): number | undefined {
  // There more trials of the same cases are no more cases.
  if (unit === 'case') return undefined
  const goal = { margin: gate.margins[metric.id], alpha: gate.alpha }
  const suite = { cases: cases.length, sigma2 }
  const stored = cases.flatMap((one) => one.baselineTrials ?? [])
  if (stored.length === 0) return trialsForMargin(suite, goal, gate.baseline.trials_factor)
  const baselineTrials = stored.length / stored.reduce((sum, count) => sum + 1 / count, 0)
  const needed = trialsNeeded({ ...suite, baselineTrials }, goal).candidateOnly
  return Number.isSafeInteger(needed) ? needed : undefined
}

function reachOf(cases: readonly PlannedRate[], trials: number, terms: PowerTerms): MetricReach {
  const { gate, metric, unit } = terms
  const { alpha } = gate
  const margin = gate.margins[metric.id]
  const noise = noiseOf(cases, trials, { factor: gate.baseline.trials_factor, unit })
  const unmoved = changeBy(0, noise, alpha)
  const isTooSmall = metric.safety && unmoved.pairs < pairsNeededForMargin(margin, alpha)
  return {
    trials,
    mde: rounded(smallestDetectableDrop(unmoved, { alpha })),
    passChance: rounded(
      isTooSmall ? chanceUnproven(noise, gate) : chanceInside(noise, margin, alpha),
    ),
    ...(isTooSmall && { hides: rounded(changeBy(0, { ...noise, variance: 0 }, alpha).upper) }),
  }
}

/** The variance of a change of which nothing is true, and how many pairs tell of it. */
interface Noise {
  readonly cases: number
  readonly variance: number
  readonly pairs: number
}

function noiseOf(
  cases: readonly PlannedRate[],
  trials: number,
  { factor, unit }: { readonly factor: number; readonly unit: 'trial' | 'case' },
): Noise {
  const n = cases.length
  const spread = ({ baselineTrials = factor * trials }: PlannedRate): number =>
    1 / baselineTrials + 1 / trials
  const variance = cases.reduce((sum, one) => sum + one.variance * spread(one), 0) / n ** 2
  const weight =
    unit === 'trial'
      ? cases.reduce((sum, one) => sum + spread(one) / 2, 0)
      : groupByCluster(cases).reduce((sum, cluster) => sum + cluster.length ** 2, 0)
  return { cases: n, variance, pairs: n ** 2 / weight }
}

function changeBy(change: number, noise: Noise, alpha: number): PairedChange {
  return pairedChange({ ...noise, change }, alpha)
}

/**
 * The chance that the interval of an unchanged agent stays inside the margin: the observed change is
 * taken as normal, the interval is the gate's own. A rise is a drop seen from the other side.
 */
function chanceInside(noise: Noise, margin: number, alpha: number): number {
  const isOutside = (change: number): boolean => changeBy(change, noise, alpha).lower <= -margin
  const least = bisect(isOutside, -1, 1)
  if (noise.variance === 0) return isOutside(0) ? 0 : 1
  // Beyond 38 standard errors a chance is 0 or 1 to the last bit.
  return normalCdf(Math.max(-38, Math.min(38, -least / Math.sqrt(noise.variance))))
}

/** A sample too small to prove anything blocks nobody, as long as nothing looks worse. */
function chanceUnproven({ variance }: Noise, gate: GateConfig): number {
  if (gate.require_proof) return 0
  return variance === 0 ? 1 : 0.5
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
