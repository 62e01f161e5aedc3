import type { ControlSource, RuleDecision } from '../../schema/control-events.ts'
import type { PolicyEngineName } from '../../schema/policy.ts'
import type { PolicyOutcome } from '../../schema/policy-outcome.ts'
import type { EventOf } from '../../schema/trace.ts'
import { duration, usd } from '../format.ts'
import type { Say } from '../say.ts'
import type { Tone } from '../terminal/paint.ts'

/** Who a control is, to somebody who did not write it. */
const controlWords: Readonly<Record<ControlSource, string>> = {
  allowlist: "the candidate's list of tools",
  schema: "the tool's schema",
  identity: "the agent's identity",
  policy: "the candidate's policy",
  tier: 'the approvals that its tier needs',
  budget: "the trial's budget",
  judging: "the eval set's policy",
}

const engineWords: Readonly<Record<PolicyEngineName, string>> = {
  cel: 'CEL',
  opa: 'OPA',
  cedar: 'Cedar',
}

/** A control, as far as it is known who it is. */
interface NamedControl {
  readonly source: ControlSource
  readonly engine?: PolicyEngineName | undefined
}

/** `the candidate's policy in Cedar`; inline rules are what everybody has, so CEL goes unsaid. */
export function controlName({ engine, source }: NamedControl): string {
  const inEngine = engine === undefined || engine === 'cel' ? '' : ` in ${engineWords[engine]}`
  return controlWords[source] + inEngine
}

/** The same where several engines stand side by side: each by its own name. */
export function engineName({ engine, source }: NamedControl): string {
  return engine === undefined || source === 'judging'
    ? controlName({ engine, source })
    : engineWords[engine]
}

/** What a rule said: `refund_cap: over 20`, and where it is not what came of all rules, that too. */
export function ruleText(
  { decision, error, harm, id, reason, severity }: RuleDecision,
  overall: PolicyOutcome,
  say: Say,
): string {
  const name = severity === undefined ? say(id) : `${say(id)} (${severity})`
  if (error !== undefined) {
    return `${name} could not decide, which denies: ${say(error)}`
  }
  const own = decision === overall ? '' : ` says ${decision}`
  const whom = harm === undefined ? '' : `; it harms ${say(harm.who)}`
  const money = harm?.usd === undefined ? '' : ` by ${usd(harm.usd)}`
  const because = whom === '' ? say(reason) : withoutStop(say(reason))
  return `${name}${own}: ${because}${whom}${money}`
}

/** Where a sentence goes on. */
function withoutStop(text: string): string {
  return text.replace(/(?<!\.)\.$/, '')
}

/** The rules that made a decision what it is: of a denial those that deny; all where none says so. */
export function decidingRules({
  decision,
  rules,
}: Pick<EventOf<'policy.decision'>, 'decision' | 'rules'>): readonly RuleDecision[] {
  const deciding = rules.filter((rule) => rule.decision === decision || rule.error !== undefined)
  return deciding.length === 0 ? rules : deciding
}

/** What its tool says of a call: `write, tier 3, moves $42.00, needs payments:write, of tenant acme`. */
export function actionFacts(
  { effect, scope, tenant, tier, usd: moved }: EventOf<'tool.proposed'>,
  say: Say,
): string {
  return [
    effect ?? 'unknown tool',
    ...(tier === undefined ? [] : [`tier ${tier}`]),
    ...(moved === undefined ? [] : [`moves ${usd(moved)}`]),
    ...(scope === undefined ? [] : [`needs ${say(scope)}`]),
    ...(tenant === undefined ? [] : [`of tenant ${say(tenant)}`]),
  ].join(', ')
}

/** `approved by shift-lead (human, up to tier 4) after 1m 00s; sets aside refund_cap`. */
export function approvalText(
  { decision, kind, latencyMs, overrides = [], principal, trust }: EventOf<'approval'>,
  say: Say,
): string {
  const facts = [
    ...(kind === undefined ? [] : [kind]),
    ...(trust === undefined ? [] : [`up to tier ${trust}`]),
  ]
  const who = `${say(principal)}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`
  if (decision === 'timeout') {
    return `no answer from ${who} within ${duration(latencyMs)}; the next one was asked`
  }
  if (decision === 'pending') return `still open with ${who}`
  const aside = overrides.length === 0 ? '' : `; sets aside ${overrides.map(say).join(', ')}`
  const verb = decision === 'approve' ? 'approved' : 'refused'
  return `${verb} by ${who} after ${duration(latencyMs)}${aside}`
}

/** A denial is what a reader looks for. */
export const outcomeTones: Readonly<Record<PolicyOutcome, Tone>> = {
  allow: 'faint',
  modify: 'warn',
  escalate: 'warn',
  deny: 'warn',
  error: 'bad',
}

/** What came of an action, as the object of "the old rules …". */
export const didToAction: Readonly<Record<PolicyOutcome, string>> = {
  allow: 'allowed',
  modify: 'let pass in another form',
  escalate: 'handed to a person',
  deny: 'denied',
  error: 'could not decide, and so denied',
}

/** What happens to actions now: `3 are now denied`. */
export const happensNow: Readonly<Record<PolicyOutcome, string>> = {
  allow: 'allowed',
  modify: 'let pass in another form',
  escalate: 'handed to a person',
  deny: 'denied',
  error: 'denied because the rules cannot decide',
}
