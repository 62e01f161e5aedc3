import type { JsonValue } from '../schema/json.ts'
import type { ToolCallPart, ToolResultPart } from '../schema/message.ts'
import type { EventOf } from '../schema/trace.ts'
import type { WorldResult } from '../world/session.ts'
import type { TrialContext } from './trial-context.ts'

/** Why a call did not run, as the agent is told. */
export interface Refusal {
  readonly code: string
  readonly message: string
}

/** Records what the world answered. */
export function recordResult(
  context: TrialContext,
  part: ToolCallPart,
  { result, status }: { readonly result: WorldResult; readonly status: 'ok' | 'error' | 'blocked' },
): void {
  const event: Omit<EventOf<'tool.result'>, 'seq' | 'tMs'> = {
    type: 'tool.result',
    callId: part.callId,
    tool: part.tool,
    status,
    executed: result.status === 'ok' || result.applied,
    origin: 'world',
    changes: [...result.changes],
    latencyMs: result.latencyMs,
    ...(result.status === 'ok' && { value: result.value }),
    ...(result.status === 'ok' && result.repeated && { repeated: true }),
    ...(result.costUsd > 0 && { costUsd: result.costUsd }),
    ...(result.status === 'error' && { error: { ...result.error } }),
  }
  context.record(event)
}

/** A call that never ran. `error`: the agent's own mistake; `blocked`: a control said no. */
export function refuse(
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
  return toolError(part, refusal)
}

export function toolResult(part: ToolCallPart, value: JsonValue): ToolResultPart {
  return { type: 'tool_result', callId: part.callId, tool: part.tool, isError: false, value }
}

export function toolError(part: ToolCallPart, error: Refusal): ToolResultPart {
  return { ...toolResult(part, { error: { ...error } }), isError: true }
}
