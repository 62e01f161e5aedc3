import type { JsonValue } from '../../../schema/json.ts'
import type { OnFail } from '../../../schema/policy.ts'
import { type ControlDecision, strictest } from '../../control-decision.ts'
import type { RuleSaid } from './rule-said.ts'

/**
 * What all rules say together: the most restrictive of them. `undefined` where none has anything to say.
 *
 * @param redacted - the form that passes where a rule says `modify`; it stands beside an escalation
 *   too, for whoever approves
 */
export function conclude(
  answers: readonly (RuleSaid | undefined)[],
  version: string,
  redacted?: JsonValue,
): ControlDecision | undefined {
  const all = answers.filter((answer) => answer !== undefined)
  if (all.length === 0) return undefined
  const rules = all.map(({ said }) => said)
  const decision = strictest(
    rules.map((rule) => (rule.decision === 'observe' ? 'allow' : rule.decision)),
  )
  const passesModified = decision !== 'deny' && rules.some((rule) => rule.decision === 'modify')
  return {
    source: 'policy',
    engine: 'cel',
    decision,
    rules,
    version,
    ...(isDeniedAs('block_and_alert', all) && { alert: true }),
    ...(isDeniedAs('fallback', all) && { fallback: true }),
    ...(passesModified && redacted !== undefined && { modified: redacted }),
  }
}

function isDeniedAs(onFail: OnFail, all: readonly RuleSaid[]): boolean {
  return all.some(({ placed, said }) => said.decision === 'deny' && placed.rule.on_fail === onFail)
}
