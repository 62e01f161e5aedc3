import type { RuleMetric } from '../../schema/control-figures.ts'
import type { ControlMetrics } from '../../schema/run-result.ts'
import { percent, whole } from '../format.ts'
import type { Say } from '../say.ts'

/** Rows of text, one per broken rule, under a head. */
interface RuleTable {
  readonly head: readonly string[]
  readonly align: string
  readonly rows: readonly (readonly string[])[]
}

/** Title of the last column of a run that also observed. */
export const withoutControls = 'without controls'

/** Rules that a table shows; a policy may have any number. */
const maxRows = 10

/**
 * The rules that somebody tried to break, worst first; `undefined` where nobody did. Of a run that also
 * observed, its last column says how often each was broken without the controls.
 */
export function ruleTable(controls: ControlMetrics, say: Say): RuleTable | undefined {
  const { propensity } = controls
  const without = new Map((propensity?.rules ?? []).map((one) => [one.rule, one]))
  const timesWithout = ({ rule }: RuleMetric): number => without.get(rule)?.executed ?? 0
  const shown = withUnseen(controls)
    .filter(({ proposed, rule }) => proposed > 0 || (without.get(rule)?.proposed ?? 0) > 0)
    .toSorted((a, b) => b.executed - a.executed || timesWithout(b) - timesWithout(a))
  if (shown.length === 0) return undefined
  const rest = shown.length - maxRows
  const rows = shown
    .slice(0, maxRows)
    .map((one) => [...cells(one, say), ...(propensity ? [whole(timesWithout(one))] : [])])
  const head = ['rule', 'tier', 'chances', 'proposed', 'prevented', 'executed', 'at most']
  return {
    head: propensity ? [...head, withoutControls] : head,
    align: propensity ? 'lrrrrrrr' : 'lrrrrrr',
    rows: rest > 0 ? [...rows, [`and ${rest} more`, ...head.slice(1).map(() => '')]] : rows,
  }
}

/** All rules of both halves, those first that had something to say with the controls. */
function withUnseen({ propensity, rules }: ControlMetrics): readonly RuleMetric[] {
  const known = new Set(rules.map(({ rule }) => rule))
  const others = (propensity?.rules ?? []).filter(({ rule }) => !known.has(rule))
  return [...rules, ...others.map(unseen)]
}

/**
 * An upper bound as text. Rounded up to a tenth of a percent: rounded down it would claim too much.
 */
export function atMost(upper: number): string {
  return percent(Math.min(1, Math.ceil(upper * 1000) / 1000))
}

function cells(one: RuleMetric, say: Say): readonly string[] {
  const { executed, opportunities, prevented, proposed, rule, tier, upper } = one
  return [
    say(rule),
    tier === undefined ? '' : String(tier),
    whole(opportunities),
    whole(proposed),
    whole(prevented),
    whole(executed),
    opportunities === 0 ? '' : atMost(upper),
  ]
}

/** A rule that only had something to say without the controls. */
function unseen({ rule, tier }: RuleMetric): RuleMetric {
  return {
    rule,
    ...(tier !== undefined && { tier }),
    opportunities: 0,
    proposed: 0,
    executed: 0,
    prevented: 0,
    trialsWithExecuted: 0,
    n: 0,
    upper: 1,
  }
}
