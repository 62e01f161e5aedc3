import type { JsonObject, JsonValue } from '../../schema/json.ts'
import type { OutsideTask } from '../outside-task.ts'
import { type AgentCall, parseAgentCalls } from './agent-message.ts'
import { parseJsonObject } from './json-line.ts'

/** What we tell the program that runs modules. `turn` tells apart what goes on at the same time. */
export type ToHost =
  | { readonly type: 'load'; readonly file: string; readonly name: string }
  | { readonly type: 'task'; readonly turn: number; readonly task: OutsideTask }
  | { readonly type: 'results'; readonly turn: number; readonly results: readonly HostResult[] }
  | { readonly type: 'cancel'; readonly turn: number }

/** What it tells us. */
export type FromHost =
  | { readonly type: 'loaded' }
  | { readonly type: 'unloadable'; readonly message: string }
  /** The ids of calls count within the turn. */
  | { readonly type: 'calls'; readonly turn: number; readonly calls: readonly AgentCall[] }
  | { readonly type: 'reply'; readonly turn: number; readonly message: string }
  | { readonly type: 'error'; readonly turn: number; readonly message: string }

/** The answer to a call of this id. */
export interface HostResult {
  readonly id: JsonValue
  readonly isError: boolean
  readonly value: JsonValue
  readonly notice?: string | undefined
}

/**
 * Reads a line of the host. Code of the agent runs in that process and may write to the same stream, so
 * a line is believed no more than any agent's.
 */
export function parseHostLine(line: string): FromHost | undefined {
  const fields = parseJsonObject(line)
  if (fields === undefined) return undefined
  const { message = '', type } = fields
  if (type === 'loaded') return { type }
  if (typeof message !== 'string') return undefined
  return type === 'unloadable' ? { type, message } : parseTurnLine(fields, message)
}

function parseTurnLine({ calls, turn, type }: JsonObject, message: string): FromHost | undefined {
  if (typeof turn !== 'number') return undefined
  if (type === 'reply' || type === 'error') return { type, turn, message }
  const proposed = type === 'calls' ? parseAgentCalls(calls) : undefined
  return proposed && { type: 'calls', turn, calls: proposed }
}
