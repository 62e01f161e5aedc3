import { type ControlDecision, strictest } from '../controls/control-decision.ts'
import type { PolicyOutcome } from '../schema/policy-outcome.ts'

/** What one control said, live or as a trace recorded it. */
type Said = Pick<ControlDecision, 'decision' | 'rules'>

/**
 * What several controls come to together: the strictest of them. A denial that every control which
 * denies owes to a rule it could not evaluate is an `error`: nobody decided it.
 */
export function outcomeOf(said: readonly Said[]): PolicyOutcome {
  const overall = strictest(said.map(({ decision }) => decision))
  if (overall !== 'deny') return overall
  return said.filter(({ decision }) => decision === 'deny').every(couldNotTell) ? 'error' : 'deny'
}

function couldNotTell({ rules }: Said): boolean {
  const denying = rules.filter(({ decision }) => decision === 'deny')
  return denying.length > 0 && denying.every(({ error }) => error !== undefined)
}
