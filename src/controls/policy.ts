import { AgentEvalError } from '../errors.ts'
import {
  compileExpression,
  type Expression,
  type ExprVariables,
  holds,
  variablesOf,
} from '../expr/expression.ts'
import type { Decision } from '../schema/names.ts'
import type { PolicyRule } from '../schema/policy.ts'
import type { ControlSource, RuleDecision } from '../schema/trace.ts'
import { type ControlDecision, strictest } from './control-decision.ts'
import { type CompiledHarm, compileHarm, harmOf } from './harm.ts'
import { coversTool } from './tool-glob.ts'

/** What a rule looks at: a call before it runs, a tool's result, or a reply to the user. */
export type PolicyStage = 'call' | 'result' | 'reply'

interface CompiledRule {
  readonly rule: PolicyRule
  readonly stage: PolicyStage
  readonly when: Expression | undefined
  readonly condition: Expression
  readonly harm: CompiledHarm | undefined
}

/** Rules ready to decide, with the version that every decision carries. */
export interface Policy {
  readonly source: ControlSource
  readonly version: string
  readonly stages: ReadonlyMap<PolicyStage, readonly CompiledRule[]>
}

/**
 * Compiles rules once. Inline conditions are CEL whatever the engine.
 *
 * @throws AgentEvalError (input) when a condition does not compile; the loader reports the same
 *   with its position, so this is the last line of defence and not the first.
 */
export function compilePolicy(
  source: ControlSource,
  rules: readonly PolicyRule[],
  version: string,
): Policy {
  const compiled = rules.map(compileRule)
  const stages = (['call', 'result', 'reply'] as const).map(
    (stage) => [stage, compiled.filter((rule) => rule.stage === stage)] as const,
  )
  return { source, version, stages: new Map(stages) }
}

/** Whether a policy has anything to say at a stage: facts that only it needs can wait. */
export function speaksAt(policy: Policy, stage: PolicyStage): boolean {
  return (policy.stages.get(stage)?.length ?? 0) > 0
}

/**
 * What a policy says of one action. `undefined` when no rule covers it.
 *
 * A rule that cannot be evaluated, or answers anything but true or false, denies: an error is
 * never an allow.
 */
export function decideByPolicy(
  policy: Policy,
  stage: PolicyStage,
  action: { readonly tool?: string; readonly variables: ExprVariables },
): ControlDecision | undefined {
  const rules: RuleDecision[] = []
  let alert = false
  for (const compiled of policy.stages.get(stage) ?? []) {
    const said = applyRule(compiled, action)
    if (said === undefined) continue
    rules.push(said)
    alert ||= said.decision === 'deny' && compiled.rule.on_fail === 'block_and_alert'
  }
  if (rules.length === 0) return undefined
  const decision = strictest(
    rules.map((rule) => (rule.decision === 'observe' ? 'allow' : rule.decision)),
  )
  return {
    source: policy.source,
    decision,
    rules,
    version: policy.version,
    ...(alert && { alert }),
  }
}

function compileRule(rule: PolicyRule): CompiledRule {
  const condition = compile(rule, rule.condition)
  const judgesOutput = variablesOf(condition).includes('output')
  const outputStage = rule.tool === undefined ? 'reply' : 'result'
  return {
    rule,
    stage: judgesOutput ? outputStage : 'call',
    when: rule.when === undefined ? undefined : compile(rule, rule.when),
    condition,
    harm: compileHarm(rule),
  }
}

function compile(rule: PolicyRule, text: string): Expression {
  const compiled = compileExpression(text)
  if (compiled.ok) return compiled.expression
  throw new AgentEvalError(`policy rule "${rule.id}": ${compiled.error} in ${text}`, 'input')
}

function applyRule(
  { rule, when, condition, harm }: CompiledRule,
  action: { readonly tool?: string; readonly variables: ExprVariables },
): RuleDecision | undefined {
  if (rule.tool !== undefined && !coversTool(rule.tool, action.tool ?? '')) return undefined
  if (when !== undefined) {
    const applies = holds(when, action.variables)
    if (applies.error !== undefined) return broken(rule, applies.error)
    if (!applies.holds) return undefined
  }
  const kept = holds(condition, action.variables)
  if (kept.error !== undefined) return broken(rule, kept.error)
  if (kept.holds) return { id: rule.id, decision: 'allow', reason: `${rule.condition} holds` }
  const reason = rule.description ?? `${rule.condition} does not hold`
  return { id: rule.id, decision: failed[rule.on_fail], reason, ...harmBy(harm, action.variables) }
}

function harmBy(
  harm: CompiledHarm | undefined,
  variables: ExprVariables,
): Pick<RuleDecision, 'harm'> {
  const harmed = harm && harmOf(harm, variables)
  return harmed === undefined ? {} : { harm: harmed }
}

function broken(rule: PolicyRule, error: string): RuleDecision {
  return { id: rule.id, decision: 'deny', reason: 'the rule could not be evaluated', error }
}

const failed: Record<PolicyRule['on_fail'], Decision | 'observe'> = {
  deny: 'deny',
  escalate_to_human: 'escalate',
  block_and_alert: 'deny',
  observe: 'observe',
}
