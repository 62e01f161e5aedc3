import type { JsonObject, JsonValue } from '../../schema/json.ts'
import type { OutsideTask } from '../outside-task.ts'

/** What came of a tool call. */
export interface ToolAnswer {
  readonly isError: boolean
  readonly value: JsonValue
  /** What the operator says beside it, such as that the budget runs low. */
  readonly notice?: string | undefined
}

/** The tools of the eval set, for an agent that is a function. */
export interface AgentTools {
  /** Calls that are made without waiting in between are proposed together. */
  readonly call: (
    tool: string,
    args?: JsonObject,
    options?: { readonly reason?: string },
  ) => Promise<ToolAnswer>
}

/**
 * An agent of the user's own: called once a turn, with the conversation so far. Its result is the reply
 * to the user. The signal aborts once the trial is over.
 */
export type AgentFunction = (
  task: OutsideTask,
  tools: AgentTools,
  signal: AbortSignal,
) => Promise<AgentReply> | AgentReply

type AgentReply = string | { readonly reply: string }
