import type { ControlSource, RuleDecision } from '../schema/control-events.ts'
import type { JsonValue } from '../schema/json.ts'
import type { Decision } from '../schema/names.ts'
import type { PolicyEngineName } from '../schema/policy.ts'

/** What one control says of one action. */
export interface ControlDecision {
  readonly source: ControlSource
  readonly decision: Decision
  readonly rules: readonly RuleDecision[]
  /** Of a policy: who decided. */
  readonly engine?: PolicyEngineName
  /** Somebody is to be told, besides the refusal. */
  readonly alert?: boolean
  /** The candidate's `fallback` is to act in place of what was denied. */
  readonly fallback?: boolean
  /** In place of what was proposed: arguments, a result, a reply, a log line. */
  readonly modified?: JsonValue
  readonly version?: string
}

const strength: Record<Decision, number> = { allow: 0, modify: 1, escalate: 2, deny: 3 }

/** The most restrictive of several decisions; nothing said means allow. */
export function strictest(decisions: readonly Decision[]): Decision {
  return decisions.reduce<Decision>((a, b) => (strength[b] > strength[a] ? b : a), 'allow')
}

/** A control with one thing to say. */
export function single(
  source: ControlSource,
  decision: Decision,
  rule: { readonly id: string; readonly reason: string },
): ControlDecision {
  return { source, decision, rules: [{ id: rule.id, decision, reason: rule.reason }] }
}

/** The form in which an action or a text may pass, where some control changed it: the last word counts. */
export function modifiedBy(decisions: readonly ControlDecision[]): JsonValue | undefined {
  return decisions.findLast(({ modified }) => modified !== undefined)?.modified
}
