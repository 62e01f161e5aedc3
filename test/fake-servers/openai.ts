import {
  asList,
  asRecord,
  defaultUsage,
  type FakeAnswer,
  type FakeRequest,
  type FakeToolCall,
  type HeardMessage,
  type Protocol,
  pieces,
  wordsOf,
} from './fake-exchange.ts'

/** `POST /v1/chat/completions` as OpenAI and everything compatible speaks it. */
export const openaiProtocol: Protocol = {
  path: '/v1/chat/completions',
  keyOf: (headers) => /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1],
  hear,
  body: (answer, request) => ({
    ...frame(answer, request),
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: messageOf(answer, request),
        logprobs: null,
        finish_reason: finishReason(answer),
      },
    ],
    ...usageOf(answer),
  }),
  events,
  error: (status, message, code) => ({
    error: {
      message,
      type: status === 429 ? 'requests' : 'error',
      param: null,
      code: code ?? null,
    },
  }),
  limits: (remaining) => ({
    'x-ratelimit-limit-requests': '100',
    'x-ratelimit-remaining-requests': String(remaining),
    'x-ratelimit-reset-requests': '1m0s',
  }),
}

function hear(body: Readonly<Record<string, unknown>>): ReturnType<Protocol['hear']> {
  const messages = asList(body['messages'])
  const isSystem = (role: unknown): boolean => role === 'system' || role === 'developer'
  const format = asRecord(body['response_format'])
  const forced = asRecord(asRecord(body['tool_choice'])['function'])['name']
  return {
    model: String(body['model']),
    isStream: body['stream'] === true,
    system: messages
      .filter((message) => isSystem(message['role']))
      .map((message) => wordsOf(message['content']))
      .join('\n'),
    messages: messages.filter((message) => !isSystem(message['role'])).map(hearMessage),
    tools: asList(body['tools']).map((tool) => String(asRecord(tool['function'])['name'])),
    schema: asRecord(format['json_schema'])['schema'],
    forcedTool: typeof forced === 'string' ? forced : undefined,
  }
}

function hearMessage(message: Readonly<Record<string, unknown>>): HeardMessage {
  const isResult = message['role'] === 'tool'
  const words = wordsOf(message['content'])
  return {
    role: message['role'] === 'assistant' ? 'assistant' : 'user',
    text: isResult ? '' : words,
    toolCalls: asList(message['tool_calls']).map((call) => ({
      id: String(call['id']),
      name: String(asRecord(call['function'])['name']),
    })),
    toolResults: isResult ? [{ id: String(message['tool_call_id']), text: words }] : [],
  }
}

function frame(answer: FakeAnswer, { index, model }: FakeRequest): Record<string, unknown> {
  return { id: `chatcmpl-${index}`, created: 1_750_000_000, model: answer.model ?? model }
}

function callsOf(
  { json, toolCalls = [] }: FakeAnswer,
  { forcedTool }: FakeRequest,
): readonly FakeToolCall[] {
  if (json === undefined || forcedTool === undefined) return toolCalls
  return [{ name: forcedTool, args: JSON.stringify(json) }]
}

function toolCallsOf(answer: FakeAnswer, request: FakeRequest): Record<string, unknown>[] {
  return callsOf(answer, request).map(({ args, id, name }, index) => ({
    id: id ?? `call_${request.index}_${index}`,
    type: 'function',
    function: { name, arguments: typeof args === 'string' ? args : JSON.stringify(args) },
  }))
}

function textOf(answer: FakeAnswer, request: FakeRequest): string | undefined {
  if (answer.json === undefined || request.forcedTool !== undefined) return answer.text
  return JSON.stringify(answer.json)
}

function messageOf(answer: FakeAnswer, request: FakeRequest): Record<string, unknown> {
  const calls = toolCallsOf(answer, request)
  return {
    role: 'assistant',
    content: textOf(answer, request) ?? null,
    refusal: answer.refusal ?? null,
    ...(answer.thinking !== undefined && { reasoning_content: answer.thinking }),
    ...(calls.length > 0 && { tool_calls: calls }),
  }
}

function finishReason({ stop, toolCalls = [] }: FakeAnswer): string {
  if (stop === 'end') return 'stop'
  return stop ?? (toolCalls.length > 0 ? 'tool_calls' : 'stop')
}

function usageOf({ usage = defaultUsage }: FakeAnswer): { usage?: Record<string, unknown> } {
  if (usage === null) return {}
  const { cacheRead = 0, input, output, reasoning = 0 } = usage
  return {
    usage: {
      prompt_tokens: input,
      completion_tokens: output,
      total_tokens: input + output,
      prompt_tokens_details: { cached_tokens: cacheRead },
      completion_tokens_details: { reasoning_tokens: reasoning },
    },
  }
}

function events(answer: FakeAnswer, request: FakeRequest): readonly string[] {
  const chunk = (choices: readonly unknown[], more: object = {}): string => {
    const data = { ...frame(answer, request), object: 'chat.completion.chunk', choices, ...more }
    return `data: ${JSON.stringify(data)}\n\n`
  }
  const delta = (part: object): string => chunk([{ index: 0, delta: part, finish_reason: null }])
  const words = pieces(textOf(answer, request) ?? '').map((content) => delta({ content }))
  const calls = toolCallsOf(answer, request).flatMap((call, index) => {
    const { arguments: args, name } = asRecord(call['function'])
    const opening = { index, id: call['id'], type: 'function', function: { name, arguments: '' } }
    return [
      delta({ tool_calls: [opening] }),
      ...pieces(String(args)).map((piece) =>
        delta({ tool_calls: [{ index, function: { arguments: piece } }] }),
      ),
    ]
  })
  const wantsUsage = asRecord(request.body['stream_options'])['include_usage'] === true
  const refusal = answer.refusal === undefined ? [] : [delta({ refusal: answer.refusal })]
  return [
    delta({ role: 'assistant', content: '' }),
    ...refusal,
    ...words,
    ...calls,
    chunk([{ index: 0, delta: {}, finish_reason: finishReason(answer) }]),
    ...(wantsUsage ? [chunk([], usageOf(answer))] : []),
    'data: [DONE]\n\n',
  ]
}
