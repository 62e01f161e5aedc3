import { cleanTrialsNeeded } from '../metrics/planning.ts'
import type { MetricVerdict } from '../schema/verdict.ts'
import { type Comparison, type Finding, rounded } from './finding.ts'
import type { RateMetricDefinition } from './gated-metrics.ts'
import type { CasePair } from './pair-cases.ts'

/** Below it a margin asks for more repetitions than anybody runs. */
const finestMargin = 0.01

/**
 * Nothing was left to chance: a change is what it is. That nothing was, a few equal trials do not
 * prove: a pass takes as many repetitions as would have shown a share of odd ones as large as the
 * margin.
 */
export function factualFinding(
  start: Omit<MetricVerdict, 'status'> & { readonly baseline: number; readonly candidate: number },
  {
    alpha,
    covered,
    metric,
  }: Pick<Comparison, 'alpha'> & {
    readonly covered: readonly CasePair[]
    readonly metric: Pick<RateMetricDefinition, 'worse' | 'safety'>
  },
): Finding {
  const change = rounded(start.candidate - start.baseline)
  const drop = metric.worse === 'lower' ? -change : change
  const base = { live: false, otherwise: 'inconclusive' } as const
  const verdict = { ...start, change, note: 'both arms are deterministic: differences are facts' }
  if (drop > start.margin) return { ...base, verdict, preliminary: 'regression' }
  const needed = cleanTrialsNeeded(Math.max(start.margin, finestMargin), alpha)
  const few = tooFew(covered, needed)
  if (few !== undefined) {
    const otherwise = metric.safety && drop <= 0 ? 'unproven' : 'inconclusive'
    return { ...base, otherwise, verdict: { ...verdict, ...few }, preliminary: 'open' }
  }
  const small = drop > 0 && { smallRealDrop: true }
  return { ...base, verdict: { ...verdict, ...small }, preliminary: 'pass' }
}

/**
 * How many trials the arm with fewer has of how many it takes, and how often each case would have to be
 * tried; `undefined` where both arms have enough. The first trial of a case is only what others are like.
 */
function tooFew(
  pairs: readonly CasePair[],
  needed: number,
): Required<Pick<MetricVerdict, 'note' | 'trialsNeeded'>> | undefined {
  const baseline = trialsOf(pairs, 'baseline')
  const candidate = trialsOf(pairs, 'candidate')
  const missing = (arm: ArmTrials): number => needed - (arm.trials - arm.cases)
  const gap = missing(baseline) - missing(candidate)
  const more = gap < 0 ? candidate : baseline
  if (missing(more) <= 0) return undefined
  const perCase = Math.ceil(needed / Math.max(1, more.cases)) + 1
  const isBaselineEnough = missing(baseline) <= 0
  return {
    note: `too few trials (${more.trials} of ${more.cases + needed} in ${armOf(gap)})`,
    trialsNeeded: { bothArms: perCase, ...(isBaselineEnough && { candidateOnly: perCase }) },
  }
}

/** Which arm has fewer, by how many more of its trials are missing. */
function armOf(gap: number): string {
  if (gap === 0) return 'both arms'
  return gap > 0 ? 'the baseline' : 'the candidate'
}

interface ArmTrials {
  readonly trials: number
  /** Cases that have one. */
  readonly cases: number
}

function trialsOf(pairs: readonly CasePair[], arm: keyof CasePair): ArmTrials {
  const counts = pairs.map((pair) => Math.min(pair[arm].scored, pair[arm].seeds))
  return {
    trials: counts.reduce((sum, count) => sum + count, 0),
    cases: counts.filter((count) => count > 0).length,
  }
}
