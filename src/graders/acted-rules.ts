import type { RuleDecision } from '../schema/control-events.ts'
import type { TraceEvent } from '../schema/trace.ts'
import type { ActedRule } from '../schema/trial.ts'
import { truncate } from '../text/truncate.ts'

/** A trial that meets more rules than that has a policy nobody reads. */
const mostRules = 30
const longestWhy = 160

/**
 * Which rules of the candidate's own controls did something beside allowing, and how often: those that
 * only observed are among them, and decisions that could not be made stand with the first cause.
 */
export function actedRules(events: readonly TraceEvent[]): ActedRule[] {
  const tally = new Map<string, ActedRule>()
  for (const rule of events.flatMap(ownRulesOf)) {
    const did = rule.error === undefined ? rule.decision : 'error'
    if (did === 'allow') continue
    const key = `${did} ${rule.id}`
    const known = tally.get(key)
    if (known !== undefined) known.count += 1
    else tally.set(key, { rule: rule.id, did, count: 1, ...causeOf(rule.error) })
  }
  const sorted = [...tally].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, acted]) => acted)
  return sorted.slice(0, mostRules)
}

/** What was said of an action as it was proposed; a form that a control has changed is asked about again. */
function ownRulesOf(event: TraceEvent): readonly RuleDecision[] {
  const isOwn = event.type === 'policy.decision' && event.source !== 'judging'
  return isOwn && event.ofModified !== true ? event.rules : []
}

function causeOf(error: string | undefined): Pick<ActedRule, 'why'> {
  return error === undefined ? {} : { why: truncate(error, longestWhy) }
}
