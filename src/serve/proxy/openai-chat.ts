import { foreignName, readArguments, tokenCount } from '../../providers/foreign-json.ts'
import type { JsonObject, JsonValue } from '../../schema/json.ts'
import type { Part, ToolCallPart } from '../../schema/message.ts'
import type { Usage } from '../../schema/model-answer.ts'
import type { Exchange, ReadAnswer, StreamReader } from './read-answer.ts'
import { objectIn, objectsIn, textIn } from './read-json.ts'
import { usageOf } from './usage-of.ts'

/**
 * `POST /chat/completions`, also of the many services that speak like it.
 *
 * A stream tells its usage only when asked to. We ask, and keep the extra chunk from an agent that
 * did not: it has no choices, which many programs do not expect.
 */
export const openaiChat: Exchange = {
  countMessages: ({ messages }) => objectsIn(messages).length,
  readAnswer,
  startStream,
  askForUsage(request) {
    const options = objectIn(request['stream_options'])
    if (request['stream'] !== true || options?.['include_usage'] === true) return undefined
    return { ...request, stream_options: { ...options, include_usage: true } }
  },
  isExtra: ({ choices, usage }) =>
    Array.isArray(choices) && choices.length === 0 && objectIn(usage) !== undefined,
}

function readAnswer(body: JsonObject): ReadAnswer {
  const choice = objectsIn(body['choices'])[0]
  const message = objectIn(choice?.['message']) ?? {}
  const usage = readUsage(body['usage'])
  const refused = textIn(message['refusal'])
  return {
    content: contentOf(message),
    modelServed: foreignName(body['model']) ?? '',
    stopReason: refused === '' ? stopReason(choice?.['finish_reason']) : 'refusal',
    ...(usage !== undefined && { usage }),
  }
}

function contentOf(message: JsonObject): readonly Part[] {
  const thought = textIn(message['reasoning_content'] ?? message['reasoning'])
  const words = [textIn(message['content']), textIn(message['refusal'])].filter((t) => t !== '')
  return [
    ...(thought === '' ? [] : [{ type: 'reasoning', text: thought } as const]),
    ...words.map((text) => ({ type: 'text', text }) as const),
    ...objectsIn(message['tool_calls']).map(toolCall),
  ]
}

function toolCall(call: JsonObject): ToolCallPart {
  const named = objectIn(call['function']) ?? {}
  return {
    type: 'tool_call',
    callId: textIn(call['id']),
    tool: textIn(named['name']),
    args: readArguments(named['arguments']),
  }
}

function stopReason(value: JsonValue | undefined): ReadAnswer['stopReason'] {
  if (value === 'tool_calls' || value === 'function_call') return 'tool_calls'
  if (value === 'length') return 'length'
  return value === 'content_filter' ? 'refusal' : 'end'
}

/** `prompt_tokens` already holds what was read from a cache. */
function readUsage(value: JsonValue | undefined): Usage | undefined {
  const usage = objectIn(value) ?? {}
  const asked = objectIn(usage['prompt_tokens_details']) ?? {}
  const answered = objectIn(usage['completion_tokens_details']) ?? {}
  return usageOf(
    {
      inputTokens: tokenCount(usage['prompt_tokens']),
      outputTokens: tokenCount(usage['completion_tokens']),
    },
    {
      cacheReadTokens: tokenCount(asked['cached_tokens']),
      reasoningTokens: tokenCount(answered['reasoning_tokens']),
    },
  )
}

/** A tool call as its pieces come in. */
interface Pieces {
  id: string
  name: string
  arguments: string
}

function startStream(): StreamReader {
  const texts = { content: '', refusal: '', reasoning_content: '' }
  const calls = new Map<number, Pieces>()
  let model = ''
  let usage: JsonObject | undefined
  let finished: string | undefined
  return {
    add(event) {
      model ||= textIn(event['model'])
      usage = objectIn(event['usage']) ?? usage
      const choice = objectsIn(event['choices']).find(({ index = 0 }) => index === 0)
      const delta = objectIn(choice?.['delta']) ?? {}
      texts.content += textIn(delta['content'])
      texts.refusal += textIn(delta['refusal'])
      texts.reasoning_content += textIn(delta['reasoning_content'] ?? delta['reasoning'])
      for (const piece of objectsIn(delta['tool_calls'])) addPiece(calls, piece)
      if (typeof choice?.['finish_reason'] === 'string') finished = choice['finish_reason']
    },
    usage: () => readUsage(usage),
    whole() {
      if (finished === undefined) return undefined
      const message = { ...texts, tool_calls: [...calls.values()].map(wholeCall) }
      const choices = [{ index: 0, message, finish_reason: finished }]
      return { model, choices, ...(usage !== undefined && { usage }) }
    },
  }
}

function addPiece(calls: Map<number, Pieces>, piece: JsonObject): void {
  const index = tokenCount(piece['index']) ?? calls.size
  const call = calls.get(index) ?? { id: '', name: '', arguments: '' }
  const named = objectIn(piece['function']) ?? {}
  call.id ||= textIn(piece['id'])
  call.name ||= textIn(named['name'])
  call.arguments += textIn(named['arguments'])
  calls.set(index, call)
}

function wholeCall({ arguments: written, id, name }: Pieces): JsonObject {
  return { id, type: 'function', function: { name, arguments: written } }
}
