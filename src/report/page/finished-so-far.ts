import type { RateMetric, RunMetrics } from '../../schema/run-metrics.ts'
import type { CaseResult, Comparison, RunResult } from '../../schema/run-result.ts'

/**
 * A run that is still going on, or was cut off and can be resumed, by the trials that it has finished: the
 * others are not lost. Those whose surroundings failed are, and stay so in their cases.
 */
export function finishedSoFar(result: RunResult | Comparison): RunResult | Comparison {
  if (result.kind === 'Comparison') return result
  return {
    ...result,
    cases: result.cases.map(withoutOpen),
    metrics: ratesWithoutLost(result.metrics),
  }
}

function withoutOpen(one: CaseResult): CaseResult {
  return { ...one, n: one.n - one.incomplete, incomplete: 0, skipped: 0 }
}

const rates = [
  'tsr',
  'utilityUnderAttack',
  'utilityWithoutAttack',
  'asr',
  'asrExposed',
  'violationRate',
] as const

/**
 * A rate does not tell what was lost from what is still to come: where it would lie if all of that had
 * gone one way says nothing of a run that goes on.
 */
function ratesWithoutLost(metrics: RunMetrics): RunMetrics {
  const told = rates.map((name): readonly [string, RateMetric] => {
    const known = { ...metrics[name], lost: 0 }
    delete known.worstLower
    delete known.worstUpper
    return [name, known]
  })
  return { ...metrics, ...Object.fromEntries(told) }
}
