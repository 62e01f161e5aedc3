import type { LintFigures } from '../../schema/lint-figures.ts'
import type { RunMetrics } from '../../schema/run-metrics.ts'
import { percent, plural, whole } from '../format.ts'
import type { Say } from '../say.ts'
import type { Subject } from '../subject.ts'

/**
 * What a success rate must be read with: what it would be in production, and how easily the eval set
 * is passed. Empty where nobody weighed its strata and nobody looked for agents that pass for nothing.
 */
export function besideSuccessRate(
  { lint, metrics }: Pick<Subject, 'lint' | 'metrics'>,
  say: Say,
): readonly string[] {
  const lines = [weighted(metrics, say), lint === undefined ? '' : lintWords(lint, say)]
  return lines.filter((line) => line !== '')
}

function weighted(metrics: RunMetrics | undefined, say: Say): string {
  const rates = Object.entries(metrics?.tsrWeighted ?? {}).map(([stratum, { leftOut, rate }]) => {
    const rest = leftOut === 0 ? '' : ` (${plural(leftOut, 'trial')} without a weight left out)`
    return `${percent(rate)} weighted by ${say(stratum)}${rest}`
  })
  return rates.length === 0 ? '' : `tasks done: ${rates.join(', ')}; not gated`
}

/** A recording was never linted: there the null agent's score stands for itself. */
function lintWords({ mutants, nullAgent, rejected = 0 }: LintFigures, say: Say): string {
  const known = nullAgent !== undefined && nullAgent.scored > 0 ? nullAgent : undefined
  if (mutants === undefined) return known === undefined ? '' : wouldScore(known, say)
  const { killed, made } = mutants
  const killRate =
    made === 0
      ? 'no mutant was made'
      : `${percent(killed / made)} of ${plural(made, 'mutant')} fail`
  const parts = [
    ...(rejected === 0 ? [] : [`${plural(rejected, 'case')} in this run cannot be trusted`]),
    killRate,
    ...(known === undefined ? [] : [passesBy(known, say)]),
  ]
  return `lint: ${parts.join('; ')}`
}

type NullAgent = NonNullable<LintFigures['nullAgent']>

function wouldScore({ id, passed, scored }: NullAgent, say: Say): string {
  const agent = id === 'silent' ? 'a silent agent' : `the null agent ${say(id)}`
  return `${agent} would score ${percent(passed / scored)} (${whole(passed)} of ${plural(scored, 'case')})`
}

function passesBy({ id, passed, scored }: NullAgent, say: Say): string {
  if (passed === 0) return `no null agent passes any of ${plural(scored, 'case')}`
  return `best null agent passes ${whole(passed)} of ${plural(scored, 'case')} (${say(id)})`
}
