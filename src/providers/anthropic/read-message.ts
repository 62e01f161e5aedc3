import type { JsonValue } from '../../schema/json.ts'
import { type Part, textPart } from '../../schema/message.ts'
import type { Usage } from '../../schema/model-answer.ts'
import {
  foreignName,
  listOf,
  member,
  partialCount,
  readArguments,
  tokenCount,
  withoutFence,
  words,
} from '../foreign-json.ts'
import type { Answer } from '../live-service.ts'
import type { ModelRequest } from '../provider.ts'
import type { WireNames } from '../wire-names.ts'

/**
 * Reads a message of Anthropic or of anything compatible. Missing ids, names and usage are tolerated;
 * a body without content is no answer.
 */
export function readMessage(
  body: JsonValue,
  request: ModelRequest,
  names: WireNames,
): Answer | undefined {
  const blocks = member(body, 'content')
  if (!Array.isArray(blocks)) return undefined
  const parts = listOf(blocks).flatMap((block, index) => partOf(block, { index, request, names }))
  const content = request.output === undefined ? parts : structured(parts, request.output.name)
  return {
    content,
    modelServed: foreignName(member(body, 'model')) ?? request.model,
    stopReason: stopReason(member(body, 'stop_reason'), content),
    usage: readUsage(member(body, 'usage')),
  }
}

interface Reading {
  readonly index: number
  readonly request: ModelRequest
  readonly names: WireNames
}

function partOf(block: unknown, { index, names, request }: Reading): readonly Part[] {
  const type = member(block, 'type')
  if (type === 'text') {
    const text = words(member(block, 'text'))
    return text === undefined ? [] : [textPart(text)]
  }
  if (type === 'tool_use') {
    const tool = names.fromWire(foreignName(member(block, 'name')) ?? 'unnamed')
    const callId = foreignName(member(block, 'id')) ?? `call_${request.ordinal}_${index}`
    return [{ type: 'tool_call', callId, tool, args: readArguments(member(block, 'input')) }]
  }
  return thoughtOf(block, type)
}

function thoughtOf(block: unknown, type: unknown): readonly Part[] {
  if (type === 'thinking') {
    const signature = words(member(block, 'signature'))
    const text = words(member(block, 'thinking')) ?? ''
    return [{ type: 'reasoning', text, ...(signature !== undefined && { opaque: { signature } }) }]
  }
  const data = words(member(block, 'data'))
  if (type !== 'redacted_thinking' || data === undefined) return []
  return [{ type: 'reasoning', text: '', opaque: { redacted_thinking: data } }]
}

/** The JSON as one text, whether it came as words or as arguments of the tool that was forced. */
function structured(content: readonly Part[], name: string): readonly Part[] {
  const thoughts = content.filter((part) => part.type === 'reasoning')
  const forced = content.find((part) => part.type === 'tool_call' && part.tool === name)
  if (forced?.type === 'tool_call') {
    const json = typeof forced.args === 'string' ? forced.args : JSON.stringify(forced.args)
    return [...thoughts, textPart(json)]
  }
  const text = content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')
  return text === '' ? thoughts : [...thoughts, textPart(withoutFence(text))]
}

function stopReason(reason: unknown, content: readonly Part[]): Answer['stopReason'] {
  if (reason === 'refusal') return 'refusal'
  if (reason === 'max_tokens' || reason === 'model_context_window_exceeded') return 'length'
  return content.some((part) => part.type === 'tool_call') ? 'tool_calls' : 'end'
}

/** Here `input_tokens` leaves out what was cached; ours includes it. */
function readUsage(usage: unknown): Usage {
  const fresh = tokenCount(member(usage, 'input_tokens')) ?? 0
  const cacheReadTokens = tokenCount(member(usage, 'cache_read_input_tokens')) ?? 0
  const cacheWriteTokens = tokenCount(member(usage, 'cache_creation_input_tokens')) ?? 0
  const outputTokens = tokenCount(member(usage, 'output_tokens')) ?? 0
  const thought = member(member(usage, 'output_tokens_details'), 'thinking_tokens')
  const reasoningTokens = partialCount(thought, outputTokens)
  return {
    inputTokens: fresh + cacheReadTokens + cacheWriteTokens,
    outputTokens,
    ...(cacheReadTokens > 0 && { cacheReadTokens }),
    ...(cacheWriteTokens > 0 && { cacheWriteTokens }),
    ...(reasoningTokens !== undefined && { reasoningTokens }),
  }
}
