import type { ModelReply } from '../providers/provider.ts'
import type { ToolCallPart, ToolDefinition, ToolResultPart } from '../schema/message.ts'

/** A call as an agent outside proposes it; its id is for the agent's own use. */
export type OutsideCall = Pick<ToolCallPart, 'args' | 'reason' | 'tool'> & {
  readonly callId?: string
}

/** A model request of an agent outside that we see, because it goes through the proxy. */
export interface SeenRequest {
  /** `provider:model`, as prices and reports name it. */
  readonly reference: string
  /** Messages in it. */
  readonly messages: number
}

/** What came of asking for a model request. */
export type ModelAdmission =
  | { readonly ok: true; readonly close: (reply: ModelReply) => void }
  /**
   * The request must not be sent: the trial is over, its budget is used up, or its case lets no model
   * answer. `status`: the HTTP status that says so, where 402 does not.
   */
  | { readonly ok: false; readonly why: string; readonly status?: number }

/**
 * One trial whose agent runs outside this process. Whatever it does comes in here, through standard
 * streams, MCP or HTTP, and passes the same controls and the same world as the built-in loop's calls.
 */
export interface OutsideTrial {
  /** Unguessable; names the trial in a path. */
  readonly token: string
  /** As `formatTrialKey` writes it. */
  readonly key: string
  readonly tools: readonly ToolDefinition[]
  /** Whether its budget is in dollars, so that a model without a price would get around it. */
  readonly hasCostLimit: boolean
  /**
   * Carries out calls that were proposed together, in index order, and gives their results. After the
   * trial has ended every call is an error and nothing happens in the world.
   */
  readonly call: (calls: readonly OutsideCall[]) => Promise<readonly ToolResultPart[]>
  /** A line of the agent's own log, in the order of what comes in. */
  readonly log: (text: string) => void
  /** Asked before a model request is sent on, so that a budget holds outside too. */
  readonly admitModel: (request: SeenRequest) => ModelAdmission
  /** Aborts once the trial has ended, for whatever reason. */
  readonly over: AbortSignal
}

/** Where one trial's agent finds its tools and its models. */
export interface Doors {
  /** The world as an MCP server (streamable HTTP). */
  readonly mcpUrl: string
  /** A stand-in for the model services; requests are traced, priced and sent on. */
  readonly openaiBaseUrl: string
  readonly anthropicBaseUrl: string
  readonly close: () => void
}

/** Opens the doors of one trial. */
export type OpenDoors = (trial: OutsideTrial) => Doors
