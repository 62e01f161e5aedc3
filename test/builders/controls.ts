import type { z } from 'zod'
import { type RuleMetric, ruleMetric } from '../../src/schema/control-figures.ts'
import { type ControlMetrics, runResult } from '../../src/schema/run-result.ts'
import { aRate, aRunResult } from './result.ts'

/** A rule that was kept in two hundred trials, unless told otherwise. */
export function aRuleMetric(changes: Partial<z.input<typeof ruleMetric>> = {}): RuleMetric {
  const { executed = 0, proposed = 0 } = changes
  return ruleMetric.parse({
    rule: 'refund_cap',
    opportunities: 400,
    proposed,
    executed,
    prevented: proposed - executed,
    trialsWithExecuted: executed,
    n: 200,
    upper: 0.0149,
    ...changes,
  })
}

type Written = NonNullable<z.input<typeof runResult>['controls']>

/** Two hundred judged trials in which no rule had anything to say and no control acted. */
export function someControls(changes: Partial<Written> = {}): ControlMetrics {
  const controls: Written = {
    rules: [],
    broken: aRate(0, 200),
    blocked: 0,
    escalations: 0,
    approvals: { given: 0, refused: 0, timeouts: 0 },
    overrides: 0,
    alerts: 0,
    modified: 0,
    reviews: 0,
    fallbacks: { budget: 0, denial: 0, outage: 0 },
    engineErrors: 0,
    ...changes,
  }
  const parsed = runResult.parse({ ...aRunResult(), controls }).controls
  if (parsed === undefined) throw new Error('no controls')
  return parsed
}
