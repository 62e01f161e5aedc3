import { foreignName, readArguments, tokenCount } from '../../providers/foreign-json.ts'
import type { JsonObject, JsonValue } from '../../schema/json.ts'
import type { Part } from '../../schema/message.ts'
import type { Usage } from '../../schema/model-answer.ts'
import type { Exchange, ReadAnswer, StreamReader } from './read-answer.ts'
import { objectIn, objectsIn, textIn } from './read-json.ts'
import { usageOf } from './usage-of.ts'

/** `POST /responses`. Its stream ends with the whole answer, usage included. */
export const openaiResponses: Exchange = {
  countMessages({ input, instructions }) {
    const messages = Array.isArray(input) ? input.length : 1
    return messages + (typeof instructions === 'string' ? 1 : 0)
  },
  readAnswer,
  startStream,
  refuse: ({ background }) =>
    background === true
      ? 'background responses are not served here: nobody could tell what they cost'
      : undefined,
}

function readAnswer(body: JsonObject): ReadAnswer {
  const usage = readUsage(body['usage'])
  const items = objectsIn(body['output'])
  return {
    content: items.flatMap(partsOf),
    modelServed: foreignName(body['model']) ?? '',
    stopReason: stopReason(body, items),
    ...(usage !== undefined && { usage }),
  }
}

function partsOf(item: JsonObject): readonly Part[] {
  if (item['type'] === 'function_call') {
    const args = readArguments(item['arguments'])
    const callId = textIn(item['call_id'])
    return [{ type: 'tool_call', callId, tool: textIn(item['name']), args }]
  }
  if (item['type'] === 'reasoning') {
    const text = objectsIn(item['summary'])
      .map((part) => textIn(part['text']))
      .join('\n')
    return text === '' ? [] : [{ type: 'reasoning', text }]
  }
  return objectsIn(item['content'])
    .map((part) => textIn(part['text'] ?? part['refusal']))
    .filter((text) => text !== '')
    .map((text) => ({ type: 'text', text }))
}

function stopReason(body: JsonObject, items: readonly JsonObject[]): ReadAnswer['stopReason'] {
  const reason = objectIn(body['incomplete_details'])?.['reason']
  const parts = items.flatMap((item) => objectsIn(item['content']))
  if (reason === 'content_filter' || parts.some(({ type }) => type === 'refusal')) return 'refusal'
  if (reason === 'max_output_tokens') return 'length'
  return items.some(({ type }) => type === 'function_call') ? 'tool_calls' : 'end'
}

/** `input_tokens` already holds what was read from a cache. */
function readUsage(value: JsonValue | undefined): Usage | undefined {
  const usage = objectIn(value) ?? {}
  const asked = objectIn(usage['input_tokens_details']) ?? {}
  const answered = objectIn(usage['output_tokens_details']) ?? {}
  return usageOf(
    {
      inputTokens: tokenCount(usage['input_tokens']),
      outputTokens: tokenCount(usage['output_tokens']),
    },
    {
      cacheReadTokens: tokenCount(asked['cached_tokens']),
      reasoningTokens: tokenCount(answered['reasoning_tokens']),
    },
  )
}

const lastEvents = new Set(['response.completed', 'response.incomplete'])

function startStream(): StreamReader {
  let response: JsonObject | undefined
  return {
    add(event) {
      if (lastEvents.has(textIn(event['type']))) response = objectIn(event['response'])
    },
    usage: () => readUsage(response?.['usage']),
    whole: () => response,
  }
}
