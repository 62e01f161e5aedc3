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
 * Reads a chat completion of OpenAI or of anything compatible. Missing ids, names and usage are
 * tolerated; a body without a message is no answer.
 */
export function readCompletion(
  body: JsonValue,
  request: ModelRequest,
  names: WireNames,
): Answer | undefined {
  const choice = listOf(member(body, 'choices'))[0]
  const message = member(choice, 'message')
  if (typeof message !== 'object' || message === null) return undefined
  const refusal = words(member(message, 'refusal'))
  const content = contentOf(message, request, names)
  return {
    content: refusal === undefined ? content : [...content, textPart(refusal)],
    modelServed: foreignName(member(body, 'model')) ?? request.model,
    stopReason: stopReason(member(choice, 'finish_reason'), content, refusal !== undefined),
    usage: readUsage(member(body, 'usage')),
  }
}

function contentOf(message: object, request: ModelRequest, names: WireNames): readonly Part[] {
  const text = messageText(member(message, 'content'))
  const calls = listOf(member(message, 'tool_calls')).map((call, index): Part => {
    const called = member(call, 'function')
    return {
      type: 'tool_call',
      // Some servers give calls no id; results need one to belong to.
      callId: foreignName(member(call, 'id')) ?? `call_${request.ordinal}_${index}`,
      tool: names.fromWire(foreignName(member(called, 'name')) ?? 'unnamed'),
      args: readArguments(member(called, 'arguments')),
    }
  })
  const thoughts = thoughtsOf(message)
  if (request.output === undefined) {
    return [...thoughts, ...(text === '' ? [] : [textPart(text)]), ...calls]
  }
  return [...thoughts, ...structured(text, calls, request.output.name)]
}

/** The JSON as one text, whether it came as words or as arguments of the tool that was forced. */
function structured(text: string, calls: readonly Part[], name: string): readonly Part[] {
  const forced = calls.find((part) => part.type === 'tool_call' && part.tool === name)
  if (forced?.type !== 'tool_call') return text === '' ? [] : [textPart(withoutFence(text))]
  return [textPart(typeof forced.args === 'string' ? forced.args : JSON.stringify(forced.args))]
}

/** Some servers answer with a list of parts, as requests may have them. */
function messageText(content: unknown): string {
  if (typeof content === 'string') return content
  return listOf(content)
    .flatMap((part) => words(member(part, 'text')) ?? [])
    .join('\n')
}

/** Thoughts under the names that compatible services give them; OpenAI itself tells none here. */
function thoughtsOf(message: object): readonly Part[] {
  const details = member(message, 'reasoning_details')
  const field = ['reasoning_content', 'reasoning'].find((name) => words(member(message, name)))
  const text = field === undefined ? '' : (words(member(message, field)) ?? '')
  if (Array.isArray(details) && details.length > 0) {
    const value = details as readonly JsonValue[]
    return [{ type: 'reasoning', text, opaque: { field: 'reasoning_details', value } }]
  }
  return field === undefined ? [] : [{ type: 'reasoning', text, opaque: { field } }]
}

function stopReason(
  finish: unknown,
  content: readonly Part[],
  isRefused: boolean,
): Answer['stopReason'] {
  if (isRefused || finish === 'content_filter') return 'refusal'
  if (finish === 'length') return 'length'
  // Some servers say `stop` beside calls.
  return content.some((part) => part.type === 'tool_call') ? 'tool_calls' : 'end'
}

/** `prompt_tokens` includes what was cached, `completion_tokens` what was thought. */
function readUsage(usage: unknown): Usage {
  const inputTokens = tokenCount(member(usage, 'prompt_tokens')) ?? 0
  const outputTokens = tokenCount(member(usage, 'completion_tokens')) ?? 0
  const input = member(usage, 'prompt_tokens_details')
  const output = member(usage, 'completion_tokens_details')
  const cached = member(input, 'cached_tokens') ?? member(usage, 'prompt_cache_hit_tokens')
  const cacheReadTokens = partialCount(cached, inputTokens)
  const cacheWriteTokens = partialCount(
    member(input, 'cache_write_tokens'),
    inputTokens - (cacheReadTokens ?? 0),
  )
  const reasoningTokens = partialCount(member(output, 'reasoning_tokens'), outputTokens)
  return {
    inputTokens,
    outputTokens,
    ...(cacheReadTokens !== undefined && { cacheReadTokens }),
    ...(cacheWriteTokens !== undefined && { cacheWriteTokens }),
    ...(reasoningTokens !== undefined && { reasoningTokens }),
  }
}
