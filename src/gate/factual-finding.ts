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
  const seen = Math.min(repetitions(covered, 'baseline'), repetitions(covered, 'candidate'))
  if (seen < needed) {
    const note = `all trials of a case were alike, ${seen} times so far; it takes ${needed} to call that no luck`
    const otherwise = metric.safety && drop <= 0 ? 'unproven' : 'inconclusive'
    return { ...base, otherwise, verdict: { ...verdict, note }, preliminary: 'open' }
  }
  const small = drop > 0 && { smallRealDrop: true }
  return { ...base, verdict: { ...verdict, ...small }, preliminary: 'pass' }
}

/** Trials of an arm that could have gone another way than the first of their case. */
function repetitions(pairs: readonly CasePair[], arm: keyof CasePair): number {
  return pairs.reduce((sum, pair) => {
    const { scored, seeds } = pair[arm]
    return sum + Math.max(0, Math.min(scored, seeds) - 1)
  }, 0)
}
