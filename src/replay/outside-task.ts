import type { Budgets } from '../schema/budgets.ts'
import type { JsonObject, JsonValue } from '../schema/json.ts'
import type { ToolDefinition } from '../schema/message.ts'
import { formatTrialKey } from '../schema/trial-key.ts'
import { sha256 } from '../text/hash.ts'
import type { TrialContext } from './trial-context.ts'

/** What user and agent said to each other. */
export interface OutsideMessage {
  readonly role: 'user' | 'assistant'
  readonly text: string
}

/** A call that was made, and what came back. */
export interface OutsideResult {
  /** As the agent named the call, if it did. */
  readonly id?: string
  readonly tool: string
  readonly args: JsonValue
  readonly isError: boolean
  readonly value: JsonValue
  /** What the operator says beside it. */
  readonly notice?: string
}

/**
 * All that an agent outside is told, as it stands when a turn of its begins. Words that the user has
 * not said yet are not in it, nor anything by which the trial will be judged: not even the name of the
 * case, which may give it away.
 */
export interface OutsideTask {
  /** A name without a meaning; the same in a run that is repeated. */
  readonly trial: string
  readonly prompt: string
  readonly conversation: readonly OutsideMessage[]
  /** Data that goes with the first message. */
  readonly input?: JsonObject
  /** Calls of the trial so far, in order; absent before the first. */
  readonly results?: readonly OutsideResult[]
  readonly tools: readonly ToolDefinition[]
  readonly budgets: Budgets
}

/** Sixteen hexadecimal digits: enough to tell the trials of a run apart. */
const nameLength = 16

/** The part of a task that stays the same from turn to turn. */
export function outsideTask({
  plan: { budgets, key, seed, task },
}: TrialContext): Omit<OutsideTask, 'conversation' | 'results'> {
  return {
    trial: sha256(`${seed} ${formatTrialKey(key)}`).slice(0, nameLength),
    prompt: task.prompt,
    ...(task.input !== undefined && { input: task.input }),
    tools: task.tools.map(({ description, input, name }) => ({ name, description, input })),
    budgets,
  }
}
