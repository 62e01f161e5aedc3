import { z } from 'zod'
import { chargeKind, controlEvents } from './control-events.ts'
import { jsonObject, jsonValue } from './json.ts'
import { messageRole, part } from './message.ts'
import { answerSource, failedAttempt, failureClass, stopReason, usage } from './model-answer.ts'
import { count, effect, layer, riskTier, usd } from './names.ts'
import { trialMode } from './trial-key.ts'

/** Whose money it is. */
export const ledgerRole = z.enum(['agent', 'router', 'user_simulator', 'judge', 'tools', 'human'])
export type LedgerRole = z.infer<typeof ledgerRole>

/** One step of a change of the world, as in JSON Patch (RFC 6902), plus the value it replaced. */
export const stateChange = z.strictObject({
  op: z.enum(['add', 'replace', 'remove']),
  path: z.string(),
  value: jsonValue.optional(),
  from: jsonValue.optional(),
})
export type StateChange = z.infer<typeof stateChange>

/**
 * Why a trial ended. The last five are the surroundings' fault, not the agent's. `fallback`: the
 * candidate's fallback had the last word, and is graded like any other.
 */
export const termination = z.enum([
  'done',
  'fallback',
  'budget',
  'max_turns',
  'loop',
  'refusal',
  'context_overflow',
  'agent_error',
  'provider_error',
  'harness_error',
  'user_sim',
  'timeout',
  'aborted',
])
export type Termination = z.infer<typeof termination>

const toolError = z.strictObject({ code: z.string(), message: z.string() })

/** One entry of a trial's ledger: what was added, and what it came to over all roles. */
const charge = z.strictObject({
  kind: chargeKind,
  amount: z.number().min(0),
  total: z.number().min(0),
  limit: z.number().optional(),
  exceeded: z.boolean().optional(),
  /** The agent is told: this charge took it over the soft share of the limit. */
  soft: z.boolean().optional(),
})
export type Charge = z.infer<typeof charge>

/** The body of each event, by type; the journal adds run, trial, sequence and time. */
export const eventBody = z.discriminatedUnion('type', [
  ...controlEvents,
  z.strictObject({
    type: z.literal('trial.start'),
    layer,
    seed: count,
    twinOf: z.string().optional(),
    mode: trialMode,
    definitionHash: z.string(),
    clock: z.string(),
    /** `tenant`: whose records the agent may touch; absent: anybody's. */
    agent: z.strictObject({
      name: z.string(),
      principal: z.string(),
      tenant: z.string().optional(),
    }),
  }),
  z.strictObject({
    type: z.literal('message'),
    role: messageRole,
    turn: count,
    content: z.array(part),
    /** A control kept this reply from the user. It stands here as evidence; nobody received it. */
    withheld: z.boolean().optional(),
    /** The reply before it, as a control let it pass: this is what the user received. */
    modified: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal('model.request'),
    role: ledgerRole,
    ordinal: count,
    model: z.string(),
    /** The candidate's tier that this request went to. */
    tier: z.string().optional(),
    /** Messages sent in all; what is new stands in the `message` events since the last request. */
    messages: count,
  }),
  z.strictObject({
    type: z.literal('model.response'),
    role: ledgerRole,
    ordinal: count,
    modelRequested: z.string(),
    modelServed: z.string(),
    stopReason,
    usage,
    /** As billed; absent where no price is known. */
    costUsd: usd.optional(),
    /** What it would have cost had nothing been read from a cache; absent where that is the same. */
    coldCostUsd: usd.optional(),
    /** Of the attempt that succeeded, without the waiting before it. */
    latencyMs: z.number().min(0),
    retries: count,
    attempts: z.array(failedAttempt).optional(),
    from: answerSource,
  }),
  z.strictObject({
    type: z.literal('model.error'),
    role: ledgerRole,
    class: failureClass,
    message: z.string(),
    attempts: z.array(failedAttempt).optional(),
  }),
  z.strictObject({
    /**
     * All that stands before was handed to an agent outside. What it then asked of a model is known
     * only where a `model.request` follows.
     */
    type: z.literal('handover'),
    /** Counted together with the agent's model requests: calls name the latest of both. */
    ordinal: count,
  }),
  z.strictObject({
    /** Which tier runs the task from here on, and who said so. */
    type: z.literal('route'),
    tier: z.string(),
    by: z.enum(['router', 'fallback']),
    reason: z.string().optional(),
  }),
  z.strictObject({
    /** One vote of a judge on one criterion, or why there is none. It stands after the trial's end. */
    type: z.literal('judge.vote'),
    criterion: z.string(),
    /** Of the criterion's text and of all that the judge was told besides the transcript. */
    criterionHash: z.string(),
    transcriptHash: z.string(),
    /** The judge, as the eval set names it. */
    model: z.string(),
    /** Which vote on this criterion, from 0. */
    ordinal: count,
    vote: z.enum(['yes', 'no', 'abstain']).optional(),
    reason: z.string().optional(),
    /** Words of the transcript that the judge leans on, each with the event that holds them. */
    quotes: z.array(z.strictObject({ seq: count, text: z.string() })).optional(),
    /** Set where there is no vote. */
    error: z.strictObject({ class: failureClass, message: z.string() }).optional(),
    /** Nobody was asked: the judge was stopped, because it votes otherwise than when it was calibrated. */
    stopped: z.boolean().optional(),
    from: answerSource,
  }),
  z.strictObject({
    type: z.literal('tool.proposed'),
    callId: z.string(),
    turn: count,
    /** The model request whose answer proposed this call. */
    ordinal: count,
    tool: z.string(),
    args: jsonObject,
    /** What the model wrote where that was no JSON object. */
    rawArgs: z.string().optional(),
    reason: z.string().optional(),
    schemaErrors: z.array(z.string()),
    tier: riskTier.optional(),
    effect: effect.optional(),
    /** What its tool says of the call: the scope it needs, whose record it touches, the dollars it moves. */
    scope: z.string().optional(),
    tenant: z.string().optional(),
    usd: usd.optional(),
    /** What it declares and could not be told of this call, and why. */
    untold: z
      .strictObject({ tenant: z.string().optional(), usd: z.string().optional() })
      .optional(),
    /** Proposed by the candidate's fallback and not by the agent. */
    fallback: z.boolean().optional(),
    log: jsonObject,
  }),
  z.strictObject({
    type: z.literal('tool.result'),
    callId: z.string(),
    tool: z.string(),
    /** `ok`, a tool `error`, or `blocked` by a control before it ran. */
    status: z.enum(['ok', 'error', 'blocked']),
    /** The call was carried out in the world, also where its answer was withheld or got lost. */
    executed: z.boolean(),
    origin: z.enum(['world', 'control', 'recorded']),
    value: jsonValue.optional(),
    error: toolError.optional(),
    /** The result of an earlier call with the same idempotency key; no second effect. */
    repeated: z.boolean().optional(),
    changes: z.array(stateChange),
    latencyMs: z.number().min(0),
    costUsd: usd.optional(),
  }),
  z.strictObject({
    type: z.literal('budget'),
    role: ledgerRole,
    /** Everything that one step cost, an entry a kind. */
    charges: z.array(charge).min(1),
  }),
  z.strictObject({
    type: z.literal('trial.end'),
    termination,
    message: z.string().optional(),
    elapsedMs: z.number().min(0),
  }),
])
export type EventBody = z.infer<typeof eventBody>

/** An event with its place in the trial. `seq` counts from 0; `tMs` is the trial's own clock. */
export type TraceEvent = EventBody & { readonly seq: number; readonly tMs: number }
export type EventOf<T extends EventBody['type']> = Extract<TraceEvent, { type: T }>
