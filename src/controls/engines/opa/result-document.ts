import type { RuleDecision } from '../../../schema/control-events.ts'
import type { JsonValue } from '../../../schema/json.ts'
import type { Decision } from '../../../schema/names.ts'
import { truncate } from '../../../text/truncate.ts'
import { type ControlDecision, strictest } from '../../control-decision.ts'
import type { PolicyStage } from '../../policy-engine.ts'
import { checkDocument, type DecisionDocument, isObject } from './decision-document.ts'
import { ruleIdOf } from './rule-id.ts'

type Verdict = Pick<ControlDecision, 'decision' | 'rules' | 'alert' | 'fallback' | 'modified'>

type ReadResult =
  | { readonly ok: true; readonly verdict: Verdict }
  /** Why this is no decision. */
  | { readonly ok: false; readonly error: string }

/** What was asked: how messages and rules call the policy, and at which stage. */
interface Asked {
  readonly path: string
  readonly stage: PolicyStage
}

/** Somebody else wrote them, and they stand in every trace. */
const longestReason = 300

/**
 * Reads what a policy answered: a boolean, or a {@link DecisionDocument}.
 *
 * Whatever else it is (undefined, null, a number, a text, `{}`, `allow: "yes"`, a document that
 * contradicts itself) is no decision, however true it looks to a programming language.
 */
export function readResult(result: unknown, asked: Asked): ReadResult {
  const { path } = asked
  if (typeof result === 'boolean') return fromBoolean(result, path)
  if (!isObject(result)) return notOk(`${path} is ${kindOf(result)}, not a decision`)
  const checked = checkDocument(result)
  if (!checked.ok) return notOk(`${path}: ${checked.error}`)
  const { document } = checked
  const decision = decisionOf(document)
  if (decision === undefined) return notOk(`${path}: ${whyUndecided(document)}`)
  const wrong = contradiction(document, decision, asked.stage)
  if (wrong !== undefined) return notOk(`${path}: ${wrong}`)
  return { ok: true, verdict: verdictOf(document, decision, path) }
}

function fromBoolean(allowed: boolean, path: string): ReadResult {
  const decision = allowed ? 'allow' : 'deny'
  const rules = [{ id: ruleIdOf(path, path), decision, reason: `${path} is ${allowed}` } as const]
  return { ok: true, verdict: { decision, rules } }
}

/** `allow: true` goes with whatever lets something pass, `false` with what keeps it back. */
function decisionOf({ allow, decision }: DecisionDocument): Decision | undefined {
  if (decision === undefined) {
    if (allow === undefined) return undefined
    return allow ? 'allow' : 'deny'
  }
  const passes = decision === 'allow' || decision === 'modify'
  return allow === undefined || allow === passes ? decision : undefined
}

function whyUndecided({ allow, decision }: DecisionDocument): string {
  if (decision === undefined) return 'there is neither `decision` nor `allow`'
  return `\`decision\` is ${decision} and \`allow\` is ${String(allow)}`
}

function contradiction(
  { modified, rules = [] }: DecisionDocument,
  decision: Decision,
  stage: PolicyStage,
): string | undefined {
  for (const { decision: own = decision } of rules) {
    if (own === 'observe' || strictest([decision, own]) === decision) continue
    return `\`decision\` is ${decision} and one of its rules says ${own}`
  }
  if (decision === 'modify')
    return fitsStage(modified, stage) ? undefined : `\`modified\` is not ${neededForm[stage]}`
  return modified === undefined ? undefined : `\`modified\` goes with modify, not with ${decision}`
}

const neededForm: Record<PolicyStage, string> = {
  call: 'an object with the arguments',
  result: 'there',
  reply: 'a text',
  log: 'a text',
}

function fitsStage(modified: JsonValue | undefined, stage: PolicyStage): boolean {
  if (stage === 'call') return isObject(modified)
  return stage === 'result' ? modified !== undefined : typeof modified === 'string'
}

function verdictOf(document: DecisionDocument, decision: Decision, path: string): Verdict {
  const { alert, fallback, modified } = document
  return {
    decision,
    rules: rulesOf(document, decision, path),
    ...(alert === true && { alert }),
    ...(fallback === true && decision === 'deny' && { fallback }),
    ...(modified !== undefined && { modified }),
  }
}

/** At least one of them says what the whole says. */
function rulesOf(document: DecisionDocument, decision: Decision, path: string): RuleDecision[] {
  const reason = reasonOf(document) ?? `${path} says ${decision}`
  const rules = (document.rules ?? []).map((rule) => ({
    id: ruleIdOf(rule.id, path),
    decision: rule.decision ?? decision,
    reason: bounded(rule.reason ?? reason),
    ...(rule.severity !== undefined && { severity: rule.severity }),
  }))
  if (rules.some((rule) => rule.decision === decision)) return rules
  const id = ruleIdOf(document.id ?? document.rule ?? path, path)
  return [{ id, decision, reason: bounded(reason) }, ...rules]
}

function reasonOf({ reason, reasons = [] }: DecisionDocument): string | undefined {
  const all = reason === undefined ? reasons : [reason, ...reasons]
  return all.length === 0 ? undefined : all.join('; ')
}

function bounded(reason: string): string {
  return truncate(reason, longestReason)
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'undefined'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'string' ? 'a text' : 'a number'
}

function notOk(error: string): ReadResult {
  return { ok: false, error }
}
