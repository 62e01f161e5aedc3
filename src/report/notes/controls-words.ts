import type { RateMetric } from '../../schema/run-metrics.ts'
import type { ControlMetrics } from '../../schema/run-result.ts'
import { duration, plural, usd, whole } from '../format.ts'
import type { Say } from '../say.ts'
import { atMost } from '../terminal/rule-table.ts'

/** Something to say of the controls; what is alarming stands out. */
interface ControlsNote {
  readonly text: string
  readonly isAlarming: boolean
}

/** Whether a report has anything to say of the controls: some rule had an opportunity, or somebody acted. */
export function hasControlsToTell(controls: ControlMetrics): boolean {
  const { propensity, rules } = controls
  const asIs: Say = (foreign) => foreign
  return rules.length > 0 || propensity !== undefined || controlsNotes(controls, asIs).length > 0
}

/**
 * How well the rules were kept, in one clause: trials first, as the tables count them. Violations are counted
 * in actions; an action may break two rules.
 */
export function safetyWords({ broken, rules }: ControlMetrics): ControlsNote {
  const proposed = rules.reduce((sum, one) => sum + one.proposed, 0)
  const executed = rules.reduce((sum, one) => sum + one.executed, 0)
  const prevented = rules.reduce((sum, one) => sum + one.prevented, 0)
  const trials = plural(broken.n, 'trial')
  if (executed > 0) {
    const many = rules.filter((one) => one.executed > 0).length
    const where = `${plural(many, 'rule')} ${many === 1 ? 'was' : 'were'} broken in ${whole(broken.events)} of ${trials}`
    const each = many === 1 ? '' : ', one for each call and rule'
    const held = `${whole(prevented)} of ${whole(proposed)} proposed ones prevented`
    const text = `${where}: ${plural(executed, 'violation')} executed${each}; ${held}`
    return { text, isAlarming: true }
  }
  if (broken.n === 0) {
    return { text: 'no trial that a policy judged has a result', isAlarming: rules.length > 0 }
  }
  if (rules.length === 0) return calm(`no rule had anything to say in ${trials}`)
  if (proposed === 0) return calm(`no rule was broken in ${trials}, not even by a proposal`)
  if (prevented < proposed) {
    const stopped = `controls prevented ${whole(prevented)} of the ${plural(proposed, 'violation')} that the agent proposed, and nothing came of the others`
    return calm(`no executed action broke a rule in ${trials}: ${stopped}`)
  }
  const all = proposed === 1 ? 'the one violation' : `all ${whole(proposed)} violations`
  return calm(
    `no executed action broke a rule in ${trials}: ${all} that the agent proposed ${proposed === 1 ? 'was' : 'were'} prevented`,
  )
}

/**
 * What tells the gated share of trials with a broken rule from the executed violations that stand beside
 * it: that share counts also what was only proposed. Empty where everything proposed was executed.
 */
export function proposedWords({ broken }: ControlMetrics, { events, n }: RateMetric): string {
  if (events <= broken.events) return ''
  const more = plural(events - broken.events, 'more trial')
  return `"rules broken" counts ${more} in which such a call was only proposed: ${whole(events)} of ${whole(n)}`
}

/**
 * What is to be said below the table of broken rules, each in one clause; nothing where nothing happened.
 *
 * @param say - makes names of trials safe for the place
 */
export function controlsNotes(controls: ControlMetrics, say: Say): readonly ControlsNote[] {
  return [
    { text: undecided(controls, say), isAlarming: true },
    calm(kept(controls)),
    calm(ownRules(controls, say)),
    calm(people(controls)),
    calm(actions(controls)),
    calm(reached(controls, say)),
  ].filter(({ text }) => text !== '')
}

const shownCauses = 3
const shownRules = 6

/** A control that cannot decide denies: such a denial says something of the control, not of the agent. */
function undecided({ acted, engineErrors }: ControlMetrics, say: Say): string {
  if (engineErrors === 0) return ''
  const causes = acted
    .filter(({ did }) => did === 'error')
    .slice(0, shownCauses)
    .map(
      ({ count, rule, why = 'no cause is recorded' }) =>
        `${say(rule)} (${whole(count)}): ${say(why)}`,
    )
  const many = plural(engineErrors, 'DECISION').toUpperCase()
  const because = causes.length === 0 ? '' : `; ${causes.join('; ')}`
  return `${many} COULD NOT BE MADE: what a control cannot decide it denies${because}`
}

const didWords = {
  deny: 'denied',
  escalate: 'escalated',
  modify: 'changed',
  observe: 'would have stopped, had it been enforced,',
} as const

/** What the candidate's own rules did: the table above is of the organisation's. */
function ownRules({ acted }: ControlMetrics, say: Say): string {
  const told = acted.flatMap(({ count, did, rule }) =>
    did === 'error' ? [] : [`${say(rule)} ${didWords[did]} ${whole(count)}`],
  )
  if (told.length === 0) return ''
  const more = told.length > shownRules ? ` and ${whole(told.length - shownRules)} more` : ''
  return `its own rules: ${told.slice(0, shownRules).join(', ')}${more}`
}

/** The evidence of rules that nobody tried to break; the bound is that of the one with the fewest trials. */
function kept({ rules }: ControlMetrics): string {
  const those = rules.filter(({ proposed }) => proposed === 0)
  if (those.length === 0) return ''
  const opportunities = those.reduce((sum, one) => sum + one.opportunities, 0)
  const upper = Math.max(...those.map((one) => one.upper))
  const [who, each] =
    those.length === 1 ? ['1 rule was', ''] : [`${whole(those.length)} rules were`, 'each ']
  const times =
    opportunities === 1 ? 'the one opportunity' : `all ${whole(opportunities)} opportunities`
  return `${who} kept in ${times} (${each}at most ${atMost(upper)} per trial)`
}

function people({ approvals, escalations, overrides }: ControlMetrics): string {
  const { given, refused, timeouts } = approvals
  const answered = given + refused
  const several = answered > escalations ? ' (some need more than one)' : ''
  const answers = happened([
    [answered, `${plural(answered, 'answer')}${several}`],
    [given, `${whole(given)} yes`],
    [refused, `${whole(refused)} no`],
    [timeouts, `${whole(timeouts)} not answered in time`],
  ])
  if (escalations === 0 && answers.length === 0) return ''
  const start = `${plural(escalations, 'action')} handed to people`
  if (answers.length === 0) return start
  const aside = overrides === 0 ? '' : `; ${whole(overrides)} of the yes set a rule aside`
  return `${start}: ${answers.join(', ')}${aside}${latency(approvals)}`
}

function latency({ medianMs, p95Ms }: ControlMetrics['approvals']): string {
  if (medianMs === undefined) return ''
  const slowest = p95Ms === undefined ? '' : `, p95 ${duration(p95Ms)}`
  return ` (answers took ${duration(medianMs)} in the median${slowest})`
}

function actions({ alerts, blocked, fallbacks, modified, reviews }: ControlMetrics): string {
  const { budget, denial, outage } = fallbacks
  const all = budget + denial + outage
  const why = happened([
    [budget, `budget ${whole(budget)}`],
    [denial, `denial ${whole(denial)}`],
    [outage, `outage ${whole(outage)}`],
  ])
  return happened([
    [blocked, `${plural(blocked, 'call')} blocked`],
    [modified, `${whole(modified)} let pass in another form`],
    [alerts, plural(alerts, 'alert')],
    [reviews, `${whole(reviews)} drawn for review`],
    [all, `the fallback took over in ${plural(all, 'trial')} (${why.join(', ')})`],
  ]).join(', ')
}

function reached({ blastRadius }: ControlMetrics, say: Say): string {
  if (blastRadius === undefined) return ''
  const { records, tenants, usd: money } = blastRadius
  const by = ({ trial }: typeof money): string => (trial === undefined ? '' : ` (${say(trial)})`)
  const parts = happened([
    [money.most, `${usd(money.most)} moved${by(money)}`],
    [records.most, `${plural(records.most, 'record')} changed${by(records)}`],
    [tenants.most, `${plural(tenants.most, 'other tenant')} touched${by(tenants)}`],
  ])
  return parts.length === 0 ? '' : `most that one trial reached: ${parts.join(', ')}`
}

/** The texts of what happened at least once. */
function happened(texts: readonly (readonly [times: number, text: string])[]): readonly string[] {
  return texts.filter(([times]) => times > 0).map(([, text]) => text)
}

function calm(text: string): ControlsNote {
  return { text, isAlarming: false }
}
