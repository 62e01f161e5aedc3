import { type ControlDecision, modifiedBy } from '../../controls/control-decision.ts'
import { outcomeOf } from '../../replay/policy-outcome.ts'
import type { JsonValue } from '../../schema/json.ts'
import type { PolicyOutcome } from '../../schema/policy-outcome.ts'
import type { ExpectedDecision } from '../../schema/policy-test.ts'
import { canonicalJson } from '../../text/canonical-json.ts'

/** What a test demands of a decision. */
export interface Demanded {
  readonly expected: ExpectedDecision
  readonly modified?: JsonValue | undefined
}

/** How what the controls said differs from what a test expects, in words; empty: it does not. */
export function differences(
  said: readonly ControlDecision[],
  { expected, modified }: Demanded,
): readonly string[] {
  const outcome = outcomeOf(said)
  if (outcome !== expected.decision) return [`${outcome}, and not ${expected.decision}`]
  return [
    ...saidByWhom(said, expected),
    ...alerts(said, expected),
    ...(modified === undefined ? [] : inWhichForm(said, modified)),
  ]
}

function saidByWhom(
  said: readonly ControlDecision[],
  { decision, engine, rule }: ExpectedDecision,
): readonly string[] {
  if (rule === undefined && engine === undefined) return []
  const speaking = said.filter((one) => saysSo(one, decision))
  const byEngine = speaking.filter((one) => engine === undefined || one.engine === engine)
  if (byEngine.length === 0) return [`engine "${engine ?? ''}" does not say so`]
  if (rule === undefined || byEngine.some((one) => namesRule(one, { decision, rule }))) return []
  return [`rule "${rule}" does not say so`]
}

function saysSo(said: ControlDecision, decision: PolicyOutcome): boolean {
  return outcomeOf([said]) === decision
}

function namesRule(
  { rules }: ControlDecision,
  { decision, rule }: { readonly decision: PolicyOutcome; readonly rule: string },
): boolean {
  const wanted = decision === 'error' ? 'deny' : decision
  return rules.some((one) => {
    if (one.id !== rule || one.decision !== wanted) return false
    return (one.error !== undefined) === (decision === 'error')
  })
}

function alerts(said: readonly ControlDecision[], { alert }: ExpectedDecision): readonly string[] {
  const isRaised = said.some((one) => one.alert === true)
  if (alert === undefined || alert === isRaised) return []
  return [alert ? 'nobody is told of it' : 'somebody is told of it']
}

function inWhichForm(said: readonly ControlDecision[], wanted: JsonValue): readonly string[] {
  const found = modifiedBy(said)
  if (found === undefined) return ['it passes in no other form']
  return canonicalJson(found) === canonicalJson(wanted)
    ? []
    : [`it passes as ${canonicalJson(found)}, and not as ${canonicalJson(wanted)}`]
}
