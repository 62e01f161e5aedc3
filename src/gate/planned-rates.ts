import type { CaseStats } from '../schema/case-stats.ts'
import type { RateMetricDefinition } from './gated-metrics.ts'
import type { PlannedRate } from './power-plan.ts'

/**
 * The cases of a baseline as a plan needs them: each with its share and the variance of one trial.
 *
 * One trial says nothing of its variance; the largest that the mean share allows stands for it.
 *
 * @param stats - the cases that count, without twins
 */
export function plannedRates(
  stats: readonly CaseStats[],
  metric: RateMetricDefinition,
): readonly PlannedRate[] {
  const covered = stats.filter((one) => metric.covers(one) && metric.trials(one) > 0)
  const shareOf = (one: CaseStats): number => metric.events(one) / metric.trials(one)
  const usual = covered.reduce((sum, one) => sum + shareOf(one), 0) / Math.max(1, covered.length)
  return covered.map((one) => {
    const share = shareOf(one)
    const trials = metric.trials(one)
    const variance =
      trials === 1 ? usual * (1 - usual) : (share * (1 - share) * trials) / (trials - 1)
    return { cluster: one.cluster, share, variance, baselineTrials: trials }
  })
}

/** Variance of one trial around its case in a mixed suite of 74 % success, averaged over cases. */
const usualVariance = 0.097
const usualShare = 0.74

/**
 * Cases of which nothing is known but a success rate: safety metrics without an event, the others
 * with the spread over cases that suites usually have.
 *
 * @see statistics of the gate: sigma² 0.097 at 74 % and 0.02 at 96 %, which is the same part of p(1 − p)
 */
export function assumedRates(
  cases: readonly { readonly cluster: string }[],
  metric: RateMetricDefinition,
  tsr: number,
): readonly PlannedRate[] {
  const share = metric.safety ? 0 : tsr
  const part = usualVariance / (usualShare * (1 - usualShare))
  return cases.map(({ cluster }) => ({ cluster, share, variance: part * share * (1 - share) }))
}
