import type { AuthorizationAnswer } from '@cedar-policy/cedar-wasm/nodejs'
import type { RuleDecision } from '../../../schema/control-events.ts'
import type { Decision } from '../../../schema/names.ts'
import { truncate } from '../../../text/truncate.ts'
import { type ControlDecision, strictest } from '../../control-decision.ts'
import type { CedarOnFail } from './annotations.ts'
import type { CedarRule } from './read-policies.ts'

export type Verdict = Pick<ControlDecision, 'decision' | 'rules' | 'alert' | 'fallback'>

type Rules = ReadonlyMap<string, CedarRule>

/** Cedar's messages quote what the agent sent, all of it. */
const longestError = 300

/**
 * What Cedar's answer means, of policies that `policiesToAsk` has made.
 *
 * Cedar skips a policy that it cannot evaluate: a `forbid` whose condition fails lets the action
 * pass, with a note in `errors`. Here any such note denies, and so does an answer that is a failure.
 *
 * Policies that escalate were asked as if they permitted. With one of them and no other, nothing
 * permits the action.
 */
export function readAnswer(answer: AuthorizationAnswer, rules: Rules): Verdict {
  if (answer.type === 'failure') {
    return notEvaluated(answer.errors.map(({ message }) => message).join('; '))
  }
  const { errors, reason } = answer.response.diagnostics
  const decisive = known(reason, rules).map(saidBy)
  const broken = errors.map(({ error, policyId }) => ({
    ...notDecided(policyId, error.message),
    ...severityOf(rules.get(policyId)),
  }))
  const said = [...decisive, ...broken].sort((a, b) => (a.id < b.id ? -1 : 1))
  const isSettled = said.some(({ decision }) => decision === 'allow' || decision === 'deny')
  return verdictOf(isSettled ? said : [...said, unpermitted], rules)
}

/** A denial because nothing could be decided. */
export function notEvaluated(error: string): Verdict {
  return verdictOf([notDecided('not-evaluated', error)], new Map())
}

type Said = RuleDecision & { readonly decision: Decision }

const unpermitted: Said = {
  id: 'no-permit',
  decision: 'deny',
  reason: 'no policy permits this',
}

function verdictOf(said: readonly Said[], rules: Rules): Verdict {
  const isDeniedBy = (onFail: CedarOnFail): boolean =>
    said.some(({ decision, id }) => decision === 'deny' && rules.get(id)?.onFail === onFail)
  return {
    decision: strictest(said.map(({ decision }) => decision)),
    rules: said,
    ...(isDeniedBy('block_and_alert') && { alert: true }),
    ...(isDeniedBy('fallback') && { fallback: true }),
  }
}

function known(ids: readonly string[], rules: Rules): readonly CedarRule[] {
  return ids.flatMap((id) => rules.get(id) ?? [])
}

function saidBy(rule: CedarRule): Said {
  const { effect, id, onFail, reason = `a policy ${effect}s this` } = rule
  const decision = effect === 'permit' ? 'allow' : ifForbidden[onFail]
  return { id, decision, reason, ...severityOf(rule) }
}

const ifForbidden: Record<CedarOnFail, Decision> = {
  deny: 'deny',
  escalate_to_human: 'escalate',
  block_and_alert: 'deny',
  fallback: 'deny',
}

function notDecided(id: string, error: string): Said {
  const reason = 'the policy could not be evaluated'
  return { id, decision: 'deny', reason, error: truncate(error, longestError) }
}

function severityOf(rule: CedarRule | undefined): Pick<RuleDecision, 'severity'> {
  return rule?.severity === undefined ? {} : { severity: rule.severity }
}
