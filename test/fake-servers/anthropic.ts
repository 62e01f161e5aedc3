import {
  asList,
  asRecord,
  defaultUsage,
  type FakeAnswer,
  type FakeRequest,
  type HeardMessage,
  type Protocol,
  pieces,
  wordsOf,
} from './fake-exchange.ts'

/** `POST /v1/messages` as Anthropic speaks it. */
export const anthropicProtocol: Protocol = {
  path: '/v1/messages',
  keyOf: (headers) =>
    /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1] ?? headers['x-api-key'],
  hear,
  body: (answer, request) => ({
    ...frame(answer, request),
    content: blocksOf(answer, request),
    stop_reason: stopReason(answer),
    stop_sequence: null,
    ...usageOf(answer),
  }),
  events,
  error: (status, message, code) => ({
    type: 'error',
    error: { type: code ?? errorTypes[status] ?? 'api_error', message },
    request_id: 'req_fake',
  }),
  limits: (remaining) => ({
    'anthropic-ratelimit-requests-limit': '100',
    'anthropic-ratelimit-requests-remaining': String(remaining),
    'anthropic-ratelimit-requests-reset': '2099-01-01T00:00:00Z',
  }),
}

const errorTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
}

function hear(body: Readonly<Record<string, unknown>>): ReturnType<Protocol['hear']> {
  const choice = asRecord(body['tool_choice'])
  const format = asRecord(asRecord(body['output_config'])['format'])
  return {
    model: String(body['model']),
    isStream: body['stream'] === true,
    system: wordsOf(body['system']),
    messages: asList(body['messages']).map(hearMessage),
    tools: asList(body['tools']).map((tool) => String(tool['name'])),
    schema: format['schema'],
    forcedTool: choice['type'] === 'tool' ? String(choice['name']) : undefined,
  }
}

function hearMessage(message: Readonly<Record<string, unknown>>): HeardMessage {
  const blocks = asList(message['content'])
  const ofType = (type: string): typeof blocks => blocks.filter((block) => block['type'] === type)
  return {
    role: message['role'] === 'assistant' ? 'assistant' : 'user',
    text: wordsOf(message['content']),
    toolCalls: ofType('tool_use').map((block) => ({
      id: String(block['id']),
      name: String(block['name']),
    })),
    toolResults: ofType('tool_result').map((block) => ({
      id: String(block['tool_use_id']),
      text: wordsOf(block['content']),
    })),
  }
}

function frame(answer: FakeAnswer, { index, model }: FakeRequest): Record<string, unknown> {
  return {
    id: `msg_${index}`,
    type: 'message',
    role: 'assistant',
    model: answer.model ?? model,
  }
}

function blocksOf(answer: FakeAnswer, request: FakeRequest): Record<string, unknown>[] {
  const { forcedTool } = request
  const { json, refusal, thinking, toolCalls = [] } = answer
  const words = json !== undefined && forcedTool === undefined ? JSON.stringify(json) : answer.text
  const forced =
    json !== undefined && forcedTool !== undefined
      ? [{ name: forcedTool, args: json as Readonly<Record<string, unknown>> }]
      : []
  return [
    ...(thinking === undefined ? [] : [{ type: 'thinking', thinking, signature: 'c2lnbmVk' }]),
    ...[words, refusal].flatMap((text) => (text === undefined ? [] : [{ type: 'text', text }])),
    ...[...toolCalls, ...forced].map((call, index) => ({
      type: 'tool_use',
      id: ('id' in call ? call.id : undefined) ?? `toolu_${request.index}_${index}`,
      name: call.name,
      input: call.args,
    })),
  ]
}

function stopReason({ refusal, stop, toolCalls = [] }: FakeAnswer): string {
  if (refusal !== undefined) return 'refusal'
  if (stop === 'length') return 'max_tokens'
  if (stop === undefined) return toolCalls.length > 0 ? 'tool_use' : 'end_turn'
  return stop === 'end' ? 'end_turn' : 'tool_use'
}

/** What is cached is counted apart from `input_tokens`. */
function usageOf({ usage = defaultUsage }: FakeAnswer): { usage?: Record<string, unknown> } {
  if (usage === null) return {}
  const { cacheRead = 0, cacheWrite = 0, input, output } = usage
  return {
    usage: {
      input_tokens: input - cacheRead - cacheWrite,
      cache_read_input_tokens: cacheRead,
      cache_creation_input_tokens: cacheWrite,
      output_tokens: output,
    },
  }
}

function events(answer: FakeAnswer, request: FakeRequest): readonly string[] {
  const event = (type: string, data: object): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`
  const { usage } = usageOf(answer)
  const opening = { ...frame(answer, request), content: [], stop_reason: null, stop_sequence: null }
  return [
    event('message_start', {
      message: {
        ...opening,
        ...(usage !== undefined && { usage: { ...usage, output_tokens: 1 } }),
      },
    }),
    ...blocksOf(answer, request).flatMap((block, index) => [
      event('content_block_start', { index, content_block: emptied(block) }),
      ...deltasOf(block).map((delta) => event('content_block_delta', { index, delta })),
      event('content_block_stop', { index }),
    ]),
    event('message_delta', {
      delta: { stop_reason: stopReason(answer), stop_sequence: null },
      ...(usage !== undefined && { usage: { output_tokens: usage['output_tokens'] } }),
    }),
    event('message_stop', {}),
  ]
}

function emptied(block: Record<string, unknown>): Record<string, unknown> {
  if (block['type'] === 'text') return { ...block, text: '' }
  if (block['type'] === 'thinking') return { ...block, thinking: '', signature: '' }
  return { ...block, input: {} }
}

function deltasOf(block: Record<string, unknown>): readonly Record<string, unknown>[] {
  if (block['type'] === 'text') {
    return pieces(String(block['text'])).map((text) => ({ type: 'text_delta', text }))
  }
  if (block['type'] === 'thinking') {
    return [
      { type: 'thinking_delta', thinking: block['thinking'] },
      { type: 'signature_delta', signature: block['signature'] },
    ]
  }
  return pieces(JSON.stringify(block['input'])).map((partial_json) => ({
    type: 'input_json_delta',
    partial_json,
  }))
}
