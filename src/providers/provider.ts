import type { Message, Part, ToolDefinition } from '../schema/message.ts'
import type { EventOf, Usage } from '../schema/trace.ts'

/** One request for the next step of a trial. */
export interface ModelRequest {
  /** What stands behind the colon of a model reference. */
  readonly model: string
  readonly messages: readonly Message[]
  readonly tools: readonly ToolDefinition[]
  readonly sampling: { readonly temperature?: number; readonly maxOutputTokens?: number }
  /** The trial's own seed and name; two trials never share an answer by accident. */
  readonly seed: number
  readonly trial: string
  /** Which request of the trial this is, from 0. */
  readonly ordinal: number
}

export interface ModelResponse {
  readonly content: readonly Part[]
  readonly modelServed: string
  readonly stopReason: EventOf<'model.response'>['stopReason']
  readonly usage: Usage
  readonly costUsd?: number
  readonly latencyMs: number
  readonly retries: number
  readonly from: EventOf<'model.response'>['from']
}

export interface ModelFailure {
  readonly class: EventOf<'model.error'>['class']
  readonly message: string
}

export type ModelReply =
  | { readonly ok: true; readonly response: ModelResponse }
  | { readonly ok: false; readonly error: ModelFailure }

/**
 * A source of model answers. A failure of the service is a reply, not an exception: the loop
 * decides whether it is the agent's or the surroundings'.
 */
export interface Provider {
  readonly complete: (request: ModelRequest, signal: AbortSignal) => Promise<ModelReply>
}
