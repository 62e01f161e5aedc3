import { strictest } from '../controls/control-decision.ts'
import { type ActionContext, type ProposedAction } from '../controls/controls.ts'
import { executedCall } from '../controls/executed-call.ts'
import { type JsonObject, type JsonValue } from '../schema/json.ts'
import { type ToolCallPart, type ToolResultPart } from '../schema/message.ts'
import { type EventOf } from '../schema/trace.ts'
import { type WorldResult } from '../world/session.ts'
import { clearWithApprovers } from './clear-with-approvers.ts'
import { logFieldsFor } from './log-fields.ts'
import { type TrialContext } from './trial-context.ts'

/** Where in the conversation a call was proposed. */
export interface CallPlace {
  readonly turn: number
  readonly ordinal: number
}

type Refusal = { readonly code: string; readonly message: string }

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
  const { world } = context.ports
  const args: JsonObject = typeof part.args === 'string' ? {} : part.args
  const schemaErrors =
    typeof part.args === 'string'
      ? ['the arguments are no JSON object']
      : world.validate(part.tool, args)
  const effect = world.effectOf(part.tool)
  const tier = schemaErrors.length === 0 ? world.tierOf(part.tool, args) : undefined

  context.record({
    type: 'tool.proposed',
    callId: part.callId,
    ...place,
    tool: part.tool,
    args,
    ...(typeof part.args === 'string' && { rawArgs: part.args }),
    ...(part.reason !== undefined && { reason: part.reason }),
    schemaErrors: [...schemaErrors],
    ...(tier !== undefined && { tier }),
    ...(effect !== undefined && { effect }),
    log: logFieldsFor(context, part.tool),
  })
  context.charge('agent', 'tool_calls', 1)

  if (effect === undefined || tier === undefined)
    return refuse(context, part, invalid(schemaErrors))
  const action: ProposedAction = { tool: part.tool, args, tier, effect }
  const refusal = decide(context, action, part)
  if (refusal !== undefined) return block(context, part, refusal)
  return execute(context, action, part)
}

function invalid(schemaErrors: readonly string[]): Refusal {
  return { code: 'invalid_arguments', message: schemaErrors.join('; ') }
}

/** What the controls say; `undefined` lets the call through. */
function decide(
  context: TrialContext,
  action: ProposedAction,
  part: ToolCallPart,
): Refusal | undefined {
  const { controls } = context.ports
  const enforced = context.plan.key.mode === 'enforce'
  const seen = actionContext(context)
  const decisions = controls.decideCall(action, seen)
  const judged = controls.judgeCall(action, seen)
  for (const said of judged === undefined ? decisions : [...decisions, judged]) {
    const carriedOut = enforced && said.source !== 'judging'
    context.record({
      type: 'policy.decision',
      callId: part.callId,
      ...said,
      rules: [...said.rules],
      enforced: carriedOut,
    })
  }
  if (!enforced) return undefined
  const overall = strictest(decisions.map((said) => said.decision))
  if (overall === 'allow') return undefined
  if (overall === 'escalate') return clearWithApprovers(context, action, part)
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
  const { controls, world } = context.ports
  const before = actionContext(context)
  const result = world.call(action.tool, action.args)
  context.wait('tools', result.latencyMs)
  if (result.status === 'error') {
    recordResult(context, part, { result, status: 'error' })
    return toolResult(part, { error: { ...result.error } }, true)
  }
  if (result.costUsd > 0) context.charge('tools', 'cost_usd', result.costUsd)
  context.executed.push(
    executedCall({ tool: action.tool, args: action.args, result: result.value }),
  )
  const withheld = withheldResult(context, { action, part, before }, result.value, controls)
  recordResult(context, part, { result, status: withheld === undefined ? 'ok' : 'blocked' })
  return withheld ?? toolResult(part, result.value, false)
}

function withheldResult(
  context: TrialContext,
  call: {
    readonly action: ProposedAction
    readonly part: ToolCallPart
    readonly before: ActionContext
  },
  value: JsonValue,
  controls: TrialContext['ports']['controls'],
): ToolResultPart | undefined {
  const said = controls.decideResult(call.action, value, call.before)
  if (said === undefined) return undefined
  const enforced = context.plan.key.mode === 'enforce'
  context.record({
    type: 'policy.decision',
    callId: call.part.callId,
    ...said,
    rules: [...said.rules],
    enforced,
  })
  if (!enforced || said.decision === 'allow') return undefined
  const rule = said.rules.find((entry) => entry.decision !== 'allow')
  const message = `the result is withheld by ${rule?.id ?? 'policy'}`
  return toolResult(call.part, { error: { code: 'result_withheld', message } }, true)
}

function recordResult(
  context: TrialContext,
  part: ToolCallPart,
  { result, status }: { readonly result: WorldResult; readonly status: 'ok' | 'error' | 'blocked' },
): void {
  const event: Omit<EventOf<'tool.result'>, 'seq' | 'tMs'> = {
    type: 'tool.result',
    callId: part.callId,
    tool: part.tool,
    status,
    executed: result.status === 'ok',
    origin: 'world',
    changes: [...result.changes],
    latencyMs: result.latencyMs,
    ...(result.status === 'ok' && { value: result.value }),
    ...(result.status === 'ok' && result.repeated && { repeated: true }),
    ...(result.status === 'ok' && result.costUsd > 0 && { costUsd: result.costUsd }),
    ...(result.status === 'error' && { error: { ...result.error } }),
  }
  context.record(event)
}

/** The agent's own mistake: it gets an error and may try again. */
function refuse(context: TrialContext, part: ToolCallPart, refusal: Refusal): ToolResultPart {
  return control(context, part, { refusal, status: 'error' })
}

/** A control said no. */
function block(context: TrialContext, part: ToolCallPart, refusal: Refusal): ToolResultPart {
  return control(context, part, { refusal, status: 'blocked' })
}

function control(
  context: TrialContext,
  part: ToolCallPart,
  { refusal, status }: { readonly refusal: Refusal; readonly status: 'error' | 'blocked' },
): ToolResultPart {
  context.record({
    type: 'tool.result',
    callId: part.callId,
    tool: part.tool,
    status,
    executed: false,
    origin: 'control',
    error: refusal,
    changes: [],
    latencyMs: 0,
  })
  return toolResult(part, { error: { ...refusal } }, true)
}

function toolResult(part: ToolCallPart, value: JsonValue, isError: boolean): ToolResultPart {
  return { type: 'tool_result', callId: part.callId, tool: part.tool, isError, value }
}

/** What the controls may know at this moment. */
export function actionContext(context: TrialContext): ActionContext {
  const { principal, scopes } = context.agent.identity
  const { world } = context.ports
  return {
    agent: { principal, scopes },
    calls: [...context.executed],
    now: world.now(),
    state: world.state(),
  }
}
