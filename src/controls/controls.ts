import { type ExprValue, type ExprVariables, toExprValue } from '../expr/value.ts'
import { type Candidate } from '../schema/candidate.ts'
import { asJson, type JsonObject, type JsonValue } from '../schema/json.ts'
import { type Effect, type RiskTier } from '../schema/names.ts'
import { type JudgingPolicy } from '../schema/policy.ts'
import { hashOf } from '../text/hash.ts'
import { type ApprovalRules, approvalRule } from './approvals.ts'
import { type ControlDecision, single, strictest } from './control-decision.ts'
import { findPii } from './pii.ts'
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
  readonly judgeReply: (text: string, context: ActionContext) => ControlDecision | undefined
  readonly approvals: ApprovalRules
}

/** Makes the controls of one run from the candidate's configuration and the judging policy. */
export function createControls(candidate: Candidate, judging: JudgingPolicy): Controls {
  const allowlist =
    candidate.tools.allowlist === undefined ? undefined : new Set(candidate.tools.allowlist)
  const own = compilePolicy('policy', candidate.policy.rules, candidate.versions.policy)
  const judge = compilePolicy('judging', judging.rules, hashOf(asJson(judging)))

  return {
    approvals: candidate.approvals,
    decideCall(action, context) {
      if (allowlist !== undefined && !allowlist.has(action.tool)) {
        const reason = `${action.tool} is not on this agent's allowlist`
        return [single('allowlist', 'deny', { id: 'tools.allowlist', reason })]
      }
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
    decideResult(action, output, context) {
      if (!speaksAt(own, 'result')) return undefined
      return decideByPolicy(own, 'result', {
        tool: action.tool,
        variables: { ...callVariables(action, context), output: outputFacts(output) },
      })
    },
    decideReply: (text, context) => decideWords(own, text, context),
    judgeCall(action, context) {
      const variables = { ...callVariables(action, context), state: context.state }
      const byRules = decideByPolicy(judge, 'call', { tool: action.tool, variables })
      return withApprovals(byRules, approvalRule(judging.approvals, action.tier))
    },
    judgeReply(text, context) {
      return decideWords(judge, text, context, { state: context.state })
    },
  }
}

function decideWords(
  policy: Policy,
  text: string,
  context: ActionContext,
  more: ExprVariables = {},
): ControlDecision | undefined {
  if (!speaksAt(policy, 'reply')) return undefined
  return decideByPolicy(policy, 'reply', {
    variables: { ...contextVariables(context), ...more, output: outputFacts(text) },
  })
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

/** What a rule about `output` can ask: the text or value itself, and computed facts. */
function outputFacts(output: JsonValue): ExprValue {
  const text = typeof output === 'string' ? output : JSON.stringify(output)
  const kinds = findPii(text)
  return toExprValue({ text, value: output, contains_pii: kinds.length > 0, pii_kinds: [...kinds] })
}
