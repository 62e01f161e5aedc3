import type { ModelFailure, ModelReply, ModelResponse } from '../providers/provider.ts'
import { type Message, type Part, type ToolCallPart, textPart } from '../schema/message.ts'
import { formatTrialKey } from '../schema/trial-key.ts'
import { admitCalls, type UsedCallIds } from './admit-calls.ts'
import type { AgentModels, TierModel } from './agent-models.ts'
import { askModel } from './ask-model.ts'
import { chooseTier } from './choose-tier.ts'
import { firstMessage } from './first-message.ts'
import type { CallPlace } from './handle-call.ts'
import { isOutage, outageEnding, recordOutage } from './model-outage.ts'
import { passReply } from './pass-reply.ts'
import { runCalls } from './run-calls.ts'
import type { TrialAgent } from './trial-agent.ts'
import type { TrialContext } from './trial-context.ts'
import { aborted, deniedEnding, type TrialEnding } from './trial-ending.ts'

/** Why a turn did not simply end with a reply. */
type Stop = TrialEnding | undefined

/** A turn that ended with a reply: what of it reached the user. */
interface Replied {
  readonly heard: string
}

/** The conversation so far, and how often the model was asked. */
interface Conversation {
  readonly messages: Message[]
  readonly callIds: UsedCallIds
  requests: number
}

/** The conversation, and the model that leads it. */
interface Talk extends Conversation {
  readonly serving: TierModel
}

/**
 * The built-in agent: asks the model, takes its calls through the controls and the world in index
 * order, and goes on until it replies, for as long as the user has more to say.
 */
export function builtInAgent(models: AgentModels): TrialAgent {
  return async (context, signal) => {
    const conversation = { messages: [], callIds: new Map(), requests: 0 }
    const { task } = context.plan
    say(context, conversation, { role: 'system', turn: 0, content: [textPart(task.prompt)] })
    say(context, conversation, { role: 'user', turn: 1, content: firstMessage(task) })
    const serving = await chooseTier(models, context, signal)
    context.serving.model = serving.reference
    return converse(context, { ...conversation, serving }, signal)
  }
}

async function converse(
  context: TrialContext,
  talk: Talk,
  signal: AbortSignal,
): Promise<TrialEnding> {
  for (let turn = 1; ; turn += 1) {
    const ended = await runTurn(context, talk, { turn, signal })
    if ('termination' in ended) return ended
    const move = await context.ports.user.next(ended.heard, context, signal)
    if ('termination' in move) return move
    say(context, talk, { role: 'user', turn: turn + 1, content: [textPart(move.say)] })
  }
}

async function runTurn(
  context: TrialContext,
  talk: Talk,
  { turn, signal }: { readonly turn: number; readonly signal: AbortSignal },
): Promise<TrialEnding | Replied> {
  for (;;) {
    const blocked = mayAsk(context, talk, signal)
    if (blocked !== undefined) return blocked
    const reply = await ask(context, talk, signal)
    if (!reply.ok) return signal.aborted ? aborted : failed(reply.error)

    const content = admitCalls(reply.response.content, talk.callIds)
    const calls = content.filter((part) => part.type === 'tool_call')
    const ordinal = talk.requests - 1
    const passed = await passReply(context, { content: [...content], turn, ordinal })
    talk.messages.push({ role: 'assistant', content })
    const ended = endAfter(context, reply.response) ?? deniedEnding(context.agent, passed.fallback)
    if (ended !== undefined) return ended
    if (calls.length === 0) return { heard: passed.heard }

    const stop = await callTools(context, talk, { turn, ordinal, calls })
    if (stop !== undefined) return stop
  }
}

/** Limits that are known before the model is asked. */
function mayAsk(context: TrialContext, talk: Talk, signal: AbortSignal): Stop {
  if (signal.aborted) return aborted
  if (talk.requests >= context.agent.stop.max_turns) {
    return { termination: 'max_turns', message: `${talk.requests} model requests` }
  }
  if (context.meter.wouldExceed('model_calls', 1)) {
    return { termination: 'budget', message: `${talk.requests} model calls, no more allowed` }
  }
  if (!isOutage(context, talk.requests)) return undefined
  recordOutage(context)
  return outageEnding
}

async function ask(context: TrialContext, talk: Talk, signal: AbortSignal): Promise<ModelReply> {
  const { agent, plan, ports } = context
  const { model, provider, reference, tier } = talk.serving
  const ordinal = talk.requests
  talk.requests += 1
  const request = {
    model,
    role: 'agent',
    messages: talk.messages,
    tools: plan.task.tools,
    sampling: agent.sampling,
    seed: plan.seed,
    trial: formatTrialKey(plan.key),
    ordinal,
  } as const
  const asked = { role: 'agent', provider, reference, tier, request } as const
  const reply = await askModel(asked, context, signal)
  if (reply.ok && reply.response.from === 'reference') {
    ports.world.advance(reply.response.latencyMs)
  }
  return reply
}

function failed(error: ModelFailure): TrialEnding {
  if (error.class === 'context_overflow')
    return { termination: 'context_overflow', message: error.message }
  return { termination: 'provider_error', message: `${error.class}: ${error.message}` }
}

function endAfter(context: TrialContext, response: ModelResponse): Stop {
  const exceeded = context.meter.exceeded()
  if (exceeded !== undefined) return { termination: 'budget', message: exceeded }
  if (response.stopReason === 'refusal') return { termination: 'refusal' }
  return undefined
}

/** Runs the calls of one answer and puts their results into the conversation. */
async function callTools(
  context: TrialContext,
  talk: Talk,
  batch: CallPlace & { readonly calls: readonly ToolCallPart[] },
): Promise<Stop> {
  const { results, stop } = await runCalls(context, batch)
  if (stop === undefined) talk.messages.push({ role: 'tool', content: results })
  return stop
}

function say(
  context: TrialContext,
  talk: Conversation,
  message: { role: Message['role']; turn: number; content: Part[] },
): void {
  context.record({ type: 'message', ...message })
  talk.messages.push({ role: message.role, content: message.content })
}
