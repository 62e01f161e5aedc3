import type { RuleMetric } from '../schema/control-figures.ts'
import { type Attempts, attemptsByTrial } from './attempts.ts'
import { clopperPearson } from './binomial-intervals.ts'
import { rounded } from './mean-metric.ts'
import type { CaseRows, TrialRow } from './trial-rows.ts'

/** A single bound: all of the error is on its side. */
const error = 0.05

type Tier = RuleMetric['tier']
type Severity = RuleMetric['severity']

/** Whoever says nothing of it ranks below all who do. */
const bySeverity: readonly Severity[] = [undefined, 'low', 'medium', 'high', 'critical']

/** A rule over the trials seen so far; counted in place, because a run may have a million of these. */
interface Tally {
  opportunities: number
  proposed: number
  executed: number
  prevented: number
  tier: Tier
  severity: Severity
  trialsWithExecuted: number
  n: number
}

/**
 * Every rule of the judging policy that had something to say, worst first.
 *
 * A violation is an opportunity whoever counted: where a line says less, or nothing, of opportunities,
 * its proposed violations stand for them. So an old run claims no trial in which a rule was kept.
 */
export function ruleMetricsOf(cases: readonly CaseRows[]): RuleMetric[] {
  // Maps, because a rule may be called "constructor".
  const byRule = new Map<string, Tally>()
  for (const { rows } of cases) {
    for (const trial of attemptsByTrial(rows)) addTrial(byRule, trial)
  }
  return [...byRule].map(([rule, tally]) => metricOf(rule, tally)).sort(worstFirst)
}

function addTrial(byRule: Map<string, Tally>, { attempts, deciding }: Attempts): void {
  const executed: InTrial = new Map()
  for (const row of attempts) {
    addViolations(byRule, executed, row)
    addKept(byRule, executed, row)
  }
  for (const [tally, times] of executed) {
    if (times > 0) tally.trialsWithExecuted += 1
    if (times > 0 || deciding !== undefined) tally.n += 1
  }
}

/** The rules that had something to say in a trial, and how often an executed action broke each. */
type InTrial = Map<Tally, number>

function addViolations(
  byRule: Map<string, Tally>,
  inTrial: InTrial,
  { violations = [] }: TrialRow,
): void {
  for (const violation of violations) {
    const { executed, executedTier, proposed, rule, severity, tier = executedTier } = violation
    if (proposed + executed === 0) continue
    const { prevented = proposed - executed } = violation
    const tally = tallyOf(byRule, rule)
    tally.opportunities += proposed
    tally.proposed += proposed
    tally.executed += executed
    tally.prevented += prevented
    tally.tier = higher(tally.tier, tier)
    tally.severity = worse(tally.severity, severity)
    inTrial.set(tally, (inTrial.get(tally) ?? 0) + executed)
  }
}

/** Opportunities that no violation stands for. */
function addKept(
  byRule: Map<string, Tally>,
  inTrial: InTrial,
  { opportunities = {}, violations = [] }: TrialRow,
): void {
  for (const [rule, times] of Object.entries(opportunities)) {
    const broken = violations.find((one) => one.rule === rule)?.proposed ?? 0
    if (times <= broken) continue
    const tally = tallyOf(byRule, rule)
    tally.opportunities += times - broken
    if (!inTrial.has(tally)) inTrial.set(tally, 0)
  }
}

function tallyOf(byRule: Map<string, Tally>, rule: string): Tally {
  const known = byRule.get(rule)
  if (known !== undefined) return known
  const tally = {
    opportunities: 0,
    proposed: 0,
    executed: 0,
    prevented: 0,
    tier: undefined,
    severity: undefined,
    trialsWithExecuted: 0,
    n: 0,
  }
  byRule.set(rule, tally)
  return tally
}

function metricOf(rule: string, tally: Tally): RuleMetric {
  const { executed, n, opportunities, proposed, severity, tier, trialsWithExecuted } = tally
  const bounds = clopperPearson({ events: trialsWithExecuted, trials: n }, error)
  return {
    rule,
    ...(tier !== undefined && { tier }),
    ...(severity !== undefined && { severity }),
    opportunities,
    proposed,
    executed,
    prevented: Math.max(0, tally.prevented),
    trialsWithExecuted,
    n,
    upper: bounds === undefined ? 1 : rounded(bounds.upper),
  }
}

function worstFirst(a: RuleMetric, b: RuleMetric): number {
  return (
    b.executed - a.executed ||
    rank(b.severity) - rank(a.severity) ||
    b.proposed - a.proposed ||
    (a.rule < b.rule ? -1 : 1)
  )
}

function higher(a: Tier, b: Tier): Tier {
  if (a === undefined || b === undefined) return a ?? b
  return a > b ? a : b
}

function worse(a: Severity, b: Severity): Severity {
  return rank(b) > rank(a) ? b : a
}

function rank(severity: Severity): number {
  return bySeverity.indexOf(severity)
}
