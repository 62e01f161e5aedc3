import type { SamplingSettings } from '../schema/candidate.ts'
import type { JsonObject } from '../schema/json.ts'
import type { Message, Part, ToolDefinition } from '../schema/message.ts'
import type { FailedAttempt, FailureClass, Usage } from '../schema/model-answer.ts'
import type { EventOf, LedgerRole } from '../schema/trace.ts'

/** One request for the next step of a trial. */
export interface ModelRequest {
  /** What stands behind the colon of a model reference. */
  readonly model: string
  /** Who asks: a judge's answer and an agent's are told apart on a cassette. */
  readonly role: LedgerRole
  readonly messages: readonly Message[]
  readonly tools: readonly ToolDefinition[]
  readonly sampling: SamplingSettings
  /** The answer must be one JSON object of this schema, and no tool call. */
  readonly output?: OutputShape
  /** The trial's own seed and name; two trials never share an answer by accident. */
  readonly seed: number
  readonly trial: string
  /** Which request of this role in the trial this is, from 0. */
  readonly ordinal: number
}

/** A JSON Schema that the model's answer must fit, under a name of `[a-z_]+`. */
export interface OutputShape {
  readonly name: string
  readonly schema: JsonObject
}

export interface ModelResponse {
  /** With an output shape: one text part that holds the JSON. */
  readonly content: readonly Part[]
  readonly modelServed: string
  readonly stopReason: EventOf<'model.response'>['stopReason']
  readonly usage: Usage
  /** As billed; absent where no price is known. */
  readonly costUsd?: number
  /** What it would have cost had nothing been read from a cache; absent where that is the same. */
  readonly coldCostUsd?: number
  /** Of the attempt that succeeded, without the waiting before it. */
  readonly latencyMs: number
  readonly retries: number
  /** Those that failed before; as many as `retries`. */
  readonly attempts?: readonly FailedAttempt[]
  readonly from: EventOf<'model.response'>['from']
}

export interface ModelFailure {
  readonly class: FailureClass
  /** Written for a person. It holds no key, and no more of a foreign text than explains it. */
  readonly message: string
  readonly attempts?: readonly FailedAttempt[]
}

export type ModelReply =
  | { readonly ok: true; readonly response: ModelResponse }
  | { readonly ok: false; readonly error: ModelFailure }

/**
 * A source of model answers. A failure of the service is a reply, not an exception: the loop
 * decides whether it is the agent's or the surroundings'. An aborted request is a reply as well, of
 * class `timeout`; whoever aborted knows why.
 */
export interface Provider {
  readonly complete: (request: ModelRequest, signal: AbortSignal) => Promise<ModelReply>
}

/** What a service said besides its answer, for whoever paces the requests. */
export interface ServiceHints {
  /** HTTP status, where the service answered at all. */
  readonly status?: number
  /** How long it asks us to wait, in ms from now. */
  readonly retryAfterMs?: number
  /** Requests that it still allows before `resetsInMs`, by its rate-limit headers. */
  readonly remainingRequests?: number
  readonly resetsInMs?: number
}

/** One attempt of one request, as the limiter sees it. `latencyMs` is the attempt's own. */
export type AttemptReply = ModelReply & {
  readonly hints: ServiceHints
  readonly latencyMs: number
}

/** A service without any patience of its own: one attempt a call. The limiter makes it a `Provider`. */
export interface Service {
  readonly attempt: (request: ModelRequest, signal: AbortSignal) => Promise<AttemptReply>
}
