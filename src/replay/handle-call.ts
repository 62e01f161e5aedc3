import { type ControlDecision, strictest } from '../controls/control-decision.ts'
import type { ActionContext, ProposedAction } from '../controls/controls.ts'
import { executedCall } from '../controls/executed-call.ts'
import type { JsonObject, JsonValue } from '../schema/json.ts'
import type { ToolCallPart, ToolResultPart } from '../schema/message.ts'
import type { Effect, RiskTier } from '../schema/names.ts'
import { type Refusal, recordResult, refuse, toolError, toolResult } from './call-results.ts'
import { clearWithApprovers } from './clear-with-approvers.ts'
import { logFieldsFor } from './log-fields.ts'
import { enforces, recordDecisions } from './record-decisions.ts'
import type { TrialContext } from './trial-context.ts'

/** Where in the conversation a call was proposed. */
export interface CallPlace {
  readonly turn: number
  readonly ordinal: number
}

/** A call and what the tools' declarations say of it. */
interface Proposal {
  readonly args: JsonObject
  readonly schemaErrors: readonly string[]
  /** `undefined`: no such tool. */
  readonly effect: Effect | undefined
  /** `undefined`: the arguments do not fit, so nobody can say which risk the call is. */
  readonly tier: RiskTier | undefined
}

/**
 * Takes one proposed call through the controls and, if they let it, through the world.
 *
 * Every decision is recorded, also those that are not carried out: the organisation's judging
 * policy always, the candidate's own controls when the trial only observes.
 */
export function handleCall(
  context: TrialContext,
  part: ToolCallPart,
  place: CallPlace,
): ToolResultPart {
  const proposal = describe(context, part)
  recordProposal(context, part, { ...proposal, ...place })
  context.charge('agent', { tool_calls: 1 })

  const { args, effect, tier } = proposal
  if (effect === undefined || tier === undefined) return refuseMistake(context, part, proposal)
  const action: ProposedAction = { tool: part.tool, args, tier, effect }
  const refusal = decide(context, action, part)
  if (refusal !== undefined) return refuse(context, part, { refusal, status: 'blocked' })
  return execute(context, action, part)
}

function describe({ ports: { world } }: TrialContext, part: ToolCallPart): Proposal {
  const effect = world.effectOf(part.tool)
  if (typeof part.args === 'string' && effect !== undefined) {
    return { args: {}, schemaErrors: ['the arguments are no JSON object'], effect, tier: undefined }
  }
  const args = typeof part.args === 'string' ? {} : part.args
  const schemaErrors = world.validate(part.tool, args)
  const tier = schemaErrors.length === 0 ? world.tierOf(part.tool, args) : undefined
  return { args, schemaErrors, effect, tier }
}

function recordProposal(
  context: TrialContext,
  part: ToolCallPart,
  { args, effect, ordinal, schemaErrors, tier, turn }: Proposal & CallPlace,
): void {
  context.record({
    type: 'tool.proposed',
    callId: part.callId,
    turn,
    ordinal,
    tool: part.tool,
    args,
    ...(typeof part.args === 'string' && { rawArgs: part.args }),
    ...(part.reason !== undefined && { reason: part.reason }),
    schemaErrors: [...schemaErrors],
    ...(tier !== undefined && { tier }),
    ...(effect !== undefined && { effect }),
    log: logFieldsFor(context, part.tool),
  })
}

/**
 * A call that no tool can take. The agent gets an error and may try again, unless the tool is none
 * of its own: what that takes is not for it to know.
 */
function refuseMistake(
  context: TrialContext,
  part: ToolCallPart,
  { effect, schemaErrors }: Proposal,
): ToolResultPart {
  const message = schemaErrors.join('; ')
  if (effect === undefined) {
    return refuse(context, part, { refusal: { code: 'unknown_tool', message }, status: 'error' })
  }
  const denied = context.ports.controls.decideTool(part.tool)
  recordDecisions(context, part.callId, [denied])
  if (denied !== undefined && enforces(context)) {
    return refuse(context, part, { refusal: denial([denied]), status: 'blocked' })
  }
  return refuse(context, part, { refusal: { code: 'invalid_arguments', message }, status: 'error' })
}

/** What the controls say; `undefined` lets the call through. */
function decide(
  context: TrialContext,
  action: ProposedAction,
  part: ToolCallPart,
): Refusal | undefined {
  const { controls } = context.ports
  const seen = actionContext(context)
  const decisions = controls.decideCall(action, seen)
  recordDecisions(context, part.callId, [
    ...decisions,
    controls.judgeCall(action, judgingContext(context)),
  ])
  if (!enforces(context)) return undefined
  const overall = strictest(decisions.map((said) => said.decision))
  if (overall === 'allow') return undefined
  if (overall === 'escalate') return clearWithApprovers(context, action, part)
  return denial(decisions)
}

function denial(decisions: readonly ControlDecision[]): Refusal {
  const rule = decisions.flatMap((said) => said.rules).find((said) => said.decision === 'deny')
  return {
    code: 'denied_by_policy',
    message: `${rule?.id ?? 'policy'}: ${rule?.reason ?? 'denied'}`,
  }
}

function execute(
  context: TrialContext,
  action: ProposedAction,
  part: ToolCallPart,
): ToolResultPart {
  const before = actionContext(context)
  const result = context.ports.world.call(action.tool, action.args)
  context.charge('tools', { wall_ms: result.latencyMs, cost_usd: result.costUsd })
  const { tool, args } = action
  if (result.status === 'error') {
    if (result.applied) context.applied.push(executedCall({ tool, args, result: null }))
    recordResult(context, part, { result, status: 'error' })
    return toolError(part, result.error)
  }
  const done = executedCall({ tool, args, result: result.value })
  context.executed.push(done)
  context.applied.push(done)
  const withheld = withholds(context, part, { action, value: result.value, before })
  recordResult(context, part, { result, status: withheld === undefined ? 'ok' : 'blocked' })
  return withheld === undefined ? toolResult(part, result.value) : toolError(part, withheld)
}

/** Whether the candidate's output rules keep a result from the agent. The action is done by then. */
function withholds(
  context: TrialContext,
  part: ToolCallPart,
  {
    action,
    value,
    before,
  }: {
    readonly action: ProposedAction
    readonly value: JsonValue
    readonly before: ActionContext
  },
): Refusal | undefined {
  const { controls } = context.ports
  const own = controls.decideResult(action, value, before)
  recordDecisions(context, part.callId, [own, controls.judgeResult(action, value, before)])
  if (!enforces(context) || own === undefined || own.decision === 'allow') return undefined
  const rule = own.rules.find(({ decision }) => decision === 'deny' || decision === 'escalate')
  return { code: 'result_withheld', message: `the result is withheld by ${rule?.id ?? 'policy'}` }
}

/**
 * What the judging policy may know: unlike any control in production, also the calls that took
 * effect and whose answer got lost. Whoever repeats one of these blindly pays twice.
 */
function judgingContext(context: TrialContext): ActionContext {
  return { ...actionContext(context), calls: context.applied }
}

/** What the controls may know at this moment. */
export function actionContext(context: TrialContext): ActionContext {
  const { principal, scopes } = context.agent.identity
  const { world } = context.ports
  return {
    agent: { principal, scopes },
    calls: context.executed,
    now: world.now(),
    state: world.state(),
  }
}
