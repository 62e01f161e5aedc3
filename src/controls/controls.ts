import { type ExprValue, type ExprVariables, toExprValue } from '../expr/value.ts'
import type { Candidate } from '../schema/candidate.ts'
import { asJson, type JsonObject, type JsonValue } from '../schema/json.ts'
import type { Effect, RiskTier } from '../schema/names.ts'
import type { JudgingPolicy } from '../schema/policy.ts'
import { hashOf } from '../text/hash.ts'
import { type ApprovalRules, approvalRule } from './approvals.ts'
import { type ControlDecision, single, strictest } from './control-decision.ts'
import { outputFacts } from './output-facts.ts'
import { compilePolicy, decideByPolicy, type Policy, speaksAt } from './policy.ts'

/** One action that the agent proposes, as the tools' declarations describe it. */
export interface ProposedAction {
  readonly tool: string
  readonly args: JsonObject
  readonly tier: RiskTier
  readonly effect: Effect
}

/** What controls may know besides the action itself. */
export interface ActionContext {
  readonly agent: { readonly principal: string; readonly scopes: readonly string[] }
  /** Earlier executed calls: `{ tool, args, result }`, oldest first. */
  readonly calls: readonly ExprValue[]
  readonly now: string
  /** The world before the action. Only the judging policy sees it; production has no such view. */
  readonly state: ExprValue
}

/** The candidate's own controls, which are enforced, and the eval set's, which only judge. */
export interface Controls {
  /** Whether the candidate may use a tool at all; `undefined` when it may. Needs no arguments. */
  readonly decideTool: (tool: string) => ControlDecision | undefined
  /** Everything the candidate's configuration says of a call, one entry a control. */
  readonly decideCall: (
    action: ProposedAction,
    context: ActionContext,
  ) => readonly ControlDecision[]
  readonly decideResult: (
    action: ProposedAction,
    output: JsonValue,
    context: ActionContext,
  ) => ControlDecision | undefined
  readonly decideReply: (text: string, context: ActionContext) => ControlDecision | undefined
  /** What the organisation's rules say: recorded, never enforced. */
  readonly judgeCall: (
    action: ProposedAction,
    context: ActionContext,
  ) => ControlDecision | undefined
  readonly judgeResult: (
    action: ProposedAction,
    output: JsonValue,
    context: ActionContext,
  ) => ControlDecision | undefined
  readonly judgeReply: (text: string, context: ActionContext) => ControlDecision | undefined
  readonly approvals: ApprovalRules
}

/** Makes the controls of one run from the candidate's configuration and the judging policy. */
export function createControls(candidate: Candidate, judging: JudgingPolicy): Controls {
  const allowlist =
    candidate.tools.allowlist === undefined ? undefined : new Set(candidate.tools.allowlist)
  const own = compilePolicy('policy', candidate.policy.rules, candidate.versions.policy)
  const judge = compilePolicy('judging', judging.rules, hashOf(asJson(judging)))
  const decideTool: Controls['decideTool'] = (tool) => {
    if (allowlist === undefined || allowlist.has(tool)) return undefined
    const reason = `${tool} is not on this agent's allowlist`
    return single('allowlist', 'deny', { id: 'tools.allowlist', reason })
  }

  return {
    approvals: candidate.approvals,
    decideTool,
    decideCall(action, context) {
      const notAllowed = decideTool(action.tool)
      if (notAllowed !== undefined) return [notAllowed]
      const byPolicy = decideByPolicy(own, 'call', {
        tool: action.tool,
        variables: callVariables(action, context),
      })
      const byTier = approvalRule(candidate.approvals, action.tier)
      return [
        ...(byPolicy === undefined ? [] : [byPolicy]),
        ...(byTier === undefined ? [] : [single('tier', 'escalate', byTier)]),
      ]
    },
    decideResult: (action, output, context) =>
      decideOutput(own, output, { tool: action.tool, variables: callVariables(action, context) }),
    decideReply: (text, context) =>
      decideOutput(own, text, { variables: contextVariables(context) }),
    judgeCall(action, context) {
      const variables = { ...callVariables(action, context), state: context.state }
      const byRules = decideByPolicy(judge, 'call', { tool: action.tool, variables })
      return withApprovals(byRules, approvalRule(judging.approvals, action.tier))
    },
    judgeResult(action, output, context) {
      const variables = { ...callVariables(action, context), state: context.state }
      return decideOutput(judge, output, { tool: action.tool, variables })
    },
    judgeReply(text, context) {
      const variables = { ...contextVariables(context), state: context.state }
      return decideOutput(judge, text, { variables })
    },
  }
}

/** What a policy says of a tool's result or, without a tool, of words to the user. */
function decideOutput(
  policy: Policy,
  output: JsonValue,
  action: { readonly tool?: string; readonly variables: ExprVariables },
): ControlDecision | undefined {
  const stage = action.tool === undefined ? 'reply' : 'result'
  if (!speaksAt(policy, stage)) return undefined
  const variables = { ...action.variables, output: outputFacts(output) }
  return decideByPolicy(policy, stage, { ...action, variables })
}

function withApprovals(
  decided: ControlDecision | undefined,
  approval: ReturnType<typeof approvalRule>,
): ControlDecision | undefined {
  if (approval === undefined) return decided
  if (decided === undefined) return single('judging', 'escalate', approval)
  const rules = [...decided.rules, approval]
  return { ...decided, rules, decision: strictest([decided.decision, 'escalate']) }
}

function callVariables(action: ProposedAction, context: ActionContext): ExprVariables {
  const tool = toExprValue({ name: action.tool, tier: action.tier, effect: action.effect })
  return { ...contextVariables(context), tool, input: toExprValue(action.args) }
}

function contextVariables(context: ActionContext): ExprVariables {
  const { principal, scopes } = context.agent
  return { agent: toExprValue({ principal, scopes }), calls: context.calls, now: context.now }
}
