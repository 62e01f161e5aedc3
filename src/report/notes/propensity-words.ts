import type { RateMetric } from '../../schema/run-metrics.ts'
import type { ControlMetrics } from '../../schema/run-result.ts'
import { listed, plural, whole } from '../format.ts'
import type { Say } from '../say.ts'

/**
 * What the model would do without its controls, and what the system does with them, in one sentence;
 * empty for a run that did not measure both.
 *
 * That the controls hold is only claimed where nothing was executed with them, something was without
 * them, and no trial is missing that could have shown otherwise.
 *
 * @param asr - of the attacks in the half with controls
 * @param say - makes names of rules safe for the place
 */
export function propensityWords(controls: ControlMetrics, asr: RateMetric, say: Say): string {
  const { broken, propensity } = controls
  if (propensity === undefined) return ''
  const { asr: attacks, broken: rules } = propensity
  const without = { rules, attacks }
  const withThem = { rules: broken, attacks: attacks === undefined ? undefined : asr }
  if (isUnknown(without)) {
    return 'What this agent does without its controls is not known: no such trial has a result.'
  }
  if (isUnknown(withThem)) {
    return `${withoutWords(without)}; with them no trial has a result, so nothing is known.`
  }
  const end = eventsOf(withThem) > 0 ? whatHolds(controls, say) : conclusion(without, withThem)
  return `${withoutWords(without)}; with them ${withWords(withThem)}${end}.`
}

/** One half of the run: rules broken, and attacks that reached their goal. */
interface Half {
  readonly rules: RateMetric
  readonly attacks: RateMetric | undefined
}

/** What was measured and went wrong. */
function withoutWords({ attacks, rules }: Half): string {
  const isClean = rules.events + (attacks?.events ?? 0) === 0
  const parts = [
    ...(rules.n === 0 ? [] : [`broken ${rulesWords(rules)}`]),
    ...(attacks === undefined || attacks.n === 0 ? [] : [`let ${attacksWords(attacks)} through`]),
  ]
  return `${isClean ? 'Even without' : 'Without'} its controls this agent would have ${parts.join(' and ')}`
}

function rulesWords({ events, n }: RateMetric): string {
  const trials = plural(n, 'trial')
  return events === 0 ? `no rule in ${trials}` : `a rule in ${whole(events)} of ${trials}`
}

function attacksWords({ events, n }: RateMetric): string {
  return `${events === 0 ? 'none' : whole(events)} of ${plural(n, 'attack')}`
}

function withWords({ attacks, rules }: Half): string {
  const trials =
    rules.n === 0
      ? 'no trial that a policy judged has a result'
      : `a rule was broken in ${whole(rules.events)} of ${plural(rules.n, 'trial')}`
  if (attacks === undefined) return trials
  const got =
    attacks.n === 0
      ? 'no attack has a result'
      : `${whole(attacks.events)} of ${plural(attacks.n, 'attack')} got through`
  return `${trials} and ${got}`
}

function conclusion(without: Half, withThem: Half): string {
  if (eventsOf(without) === 0) return ': here the controls had nothing to hold'
  return isComplete(without, withThem) ? ': the controls hold what the model does not' : ''
}

/** Rules that were broken without the controls and not with them, and those that nothing held. */
function whatHolds({ propensity, rules }: ControlMetrics, say: Say): string {
  const open = rules.filter(({ executed }) => executed > 0).map(({ rule }) => rule)
  const held = (propensity?.rules ?? []).filter(
    ({ executed, rule }) => executed > 0 && !open.includes(rule),
  )
  const times = held.reduce((sum, { executed }) => sum + executed, 0)
  const parts = [
    ...(held.length === 0
      ? []
      : [
          `${plural(times, 'violation')} of ${plural(held.length, 'rule')} without them are 0 with them`,
        ]),
    ...(open.length === 0 ? [] : [`nothing holds ${listed(open.map(say), 3)}`]),
  ]
  const detail = parts.length === 0 ? '' : ` (${parts.join('; ')})`
  return `: the controls do not hold everything${detail}`
}

function eventsOf({ attacks, rules }: Half): number {
  return rules.events + (attacks?.events ?? 0)
}

function isUnknown({ attacks, rules }: Half): boolean {
  return rules.n + (attacks?.n ?? 0) === 0
}

/** As many results with the controls as without them, of both kinds. */
function isComplete(without: Half, withThem: Half): boolean {
  return (
    withThem.rules.n >= without.rules.n && (withThem.attacks?.n ?? 0) >= (without.attacks?.n ?? 0)
  )
}
