import { executedCall } from '../controls/executed-call.ts'
import type { ActionContext, ProposedAction } from '../controls/policy-engine.ts'
import type { JsonValue } from '../schema/json.ts'
import type { ToolCallPart, ToolResultPart } from '../schema/message.ts'
import { actionContext } from './action-context.ts'
import { recordResult, refuse, toolError, toolResult } from './call-results.ts'
import { decideCall, denial } from './decide-call.ts'
import { type DescribedCall, describeAction } from './describe-action.ts'
import { logFieldsFor } from './log-fields.ts'
import { passResult } from './pass-result.ts'
import { enforces, recordDecisions } from './record-decisions.ts'
import { recordLog } from './record-log.ts'
import { isOver, type TrialContext } from './trial-context.ts'

/** Where in the conversation a call was proposed. */
export interface CallPlace {
  readonly turn: number
  readonly ordinal: number
  /** Proposed by the candidate's fallback and not by the agent. */
  readonly fallback?: boolean
}

/** What a call came to. */
export interface HandledCall {
  readonly result: ToolResultPart
  /** The rule that wants the candidate's fallback to act in place of the call. */
  readonly fallback?: string
}

/**
 * Takes one proposed call through the controls and, if they let it, through the world.
 *
 * A control may take its time. Where the trial ends before they have decided, nothing is done any more;
 * what was done by then is recorded to its end.
 */
export async function handleCall(
  context: TrialContext,
  proposed: ToolCallPart,
  place: CallPlace,
): Promise<HandledCall> {
  const part = await withLoggedReason(context, proposed)
  if (isOver(context)) return late(part)
  const described = describeAction(context, part)
  recordProposal(context, part, { ...described, ...place })
  context.charge('agent', { tool_calls: 1 })

  const { action } = described
  if (action === undefined) return { result: refuseMistake(context, part, described) }
  const passage = await decideCall(context, action, part)
  if (isOver(context)) return late(part)
  if (passage.passes) return execute(context, passage.action, part)
  const result = refuse(context, part, { refusal: passage.refusal, status: 'blocked' })
  return { result, ...(passage.fallback !== undefined && { fallback: passage.fallback }) }
}

function late(part: ToolCallPart): HandledCall {
  return {
    result: toolError(part, { code: 'trial_over', message: 'the trial is over; nothing was done' }),
  }
}

/** The stated reason is the agent's own log: what no log may hold does not reach one here, either. */
async function withLoggedReason(
  context: TrialContext,
  { reason, ...part }: ToolCallPart,
): Promise<ToolCallPart> {
  if (reason === undefined || !context.ports.controls.readsLog) {
    return { ...part, ...(reason !== undefined && { reason }) }
  }
  const logged = await recordLog(context, { id: `log-${part.callId}`, text: reason })
  return { ...part, ...(logged !== undefined && { reason: logged }) }
}

function recordProposal(
  context: TrialContext,
  part: ToolCallPart,
  { action, args, effect, fallback, ordinal, schemaErrors, turn }: DescribedCall & CallPlace,
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
    ...(action !== undefined && declared(action)),
    ...(effect !== undefined && { effect }),
    ...(fallback !== undefined && { fallback }),
    log: logFieldsFor(context, part.tool),
  })
}

/** What the tool's declaration says of this very call. */
function declared({ scope, tenant, tier, untold, usd }: ProposedAction): Partial<ProposedAction> {
  return {
    tier,
    ...(scope !== undefined && { scope }),
    ...(tenant !== undefined && { tenant }),
    ...(usd !== undefined && { usd }),
    ...(untold !== undefined && { untold }),
  }
}

/**
 * A call that no tool can take. The agent gets an error and may try again, unless the tool is none
 * of its own: what that takes is not for it to know.
 */
function refuseMistake(
  context: TrialContext,
  part: ToolCallPart,
  { effect, schemaErrors }: DescribedCall,
): ToolResultPart {
  const message = schemaErrors.join('; ')
  if (effect === undefined) {
    return refuse(context, part, { refusal: { code: 'unknown_tool', message }, status: 'error' })
  }
  const denied = context.ports.controls.decideTool(part.tool)
  recordDecisions(context, part.callId, denied === undefined ? [] : [denied])
  if (denied !== undefined && enforces(context)) {
    return refuse(context, part, { refusal: denial([denied]), status: 'blocked' })
  }
  return refuse(context, part, { refusal: { code: 'invalid_arguments', message }, status: 'error' })
}

async function execute(
  context: TrialContext,
  action: ProposedAction,
  part: ToolCallPart,
): Promise<HandledCall> {
  const before = actionContext(context)
  const result = context.ports.world.call(action.tool, action.args)
  context.charge('tools', { wall_ms: result.latencyMs, cost_usd: result.costUsd })
  if (result.status === 'error') {
    if (result.applied) context.applied.push(done(action, before, null))
    recordResult(context, part, { result, status: 'error' })
    return { result: toolError(part, result.error) }
  }
  const call = done(action, before, result.value)
  // The stored answer of an earlier call did nothing, so it uses up nothing.
  if (!result.repeated) {
    context.executed.push(call)
    context.applied.push(call)
  }
  const passed = await passResult(context, part, { action, value: result.value, before })
  const { fallback, refusal, value } = passed
  const status = refusal === undefined ? 'ok' : 'blocked'
  recordResult(context, part, { result: { ...result, value }, status })
  return {
    result: refusal === undefined ? toolResult(part, value) : toolError(part, refusal),
    ...(fallback !== undefined && { fallback }),
  }
}

function done(
  { args, tool, usd }: ProposedAction,
  { now }: ActionContext,
  result: JsonValue,
): ReturnType<typeof executedCall> {
  return executedCall({ tool, args, result, at: now, ...(usd !== undefined && { usd }) })
}
