import type OpenAI from 'openai'
import type { JsonValue } from '../../schema/json.ts'
import { type Message, type Part, textOf } from '../../schema/message.ts'
import { member } from '../foreign-json.ts'
import type { ModelRequest, OutputShape } from '../provider.ts'
import { isStrictSchema, objectSchema, resultText, sentArguments } from '../wire-messages.ts'
import { type WireNames, wireId } from '../wire-names.ts'

type ChatRequest = OpenAI.ChatCompletionCreateParamsNonStreaming
type ChatMessage = OpenAI.ChatCompletionMessageParam

/** How a service is asked; services that are only compatible know less. */
export interface ChatDialect {
  readonly isOfficial: boolean
  /** A structured answer is asked for as a call of a tool that must be called. */
  readonly forcesTool: boolean
}

/** A request of ours as OpenAI's chat completions take it. */
export function chatRequest(
  request: ModelRequest,
  names: WireNames,
  dialect: ChatDialect,
): ChatRequest {
  const { messages, model, output, tools } = request
  const offered = tools.map(({ description, input, name }) => ({
    type: 'function' as const,
    function: { name: names.toWire(name), description, parameters: objectSchema(input) },
  }))
  return {
    model,
    messages: messages.flatMap((message) => chatMessages(message, names)),
    ...samplingOf(request, dialect),
    ...(offered.length > 0 && { tools: offered }),
    ...(output !== undefined && outputAs(output, dialect)),
  }
}

function outputAs(
  { name, schema }: OutputShape,
  { forcesTool }: ChatDialect,
): Partial<ChatRequest> {
  if (!forcesTool) {
    const json_schema = { name, schema, strict: isStrictSchema(schema) }
    return { response_format: { type: 'json_schema', json_schema } }
  }
  const description = 'Give your answer by calling this.'
  return {
    tools: [
      { type: 'function', function: { name, description, parameters: objectSchema(schema) } },
    ],
    tool_choice: { type: 'function', function: { name } },
  }
}

function samplingOf(
  { model, sampling, seed, tools }: ModelRequest,
  dialect: ChatDialect,
): Partial<ChatRequest> {
  const { max_output_tokens: limit, reasoning, send_seed, temperature, top_p } = sampling
  const parallel = sampling.parallel_tool_calls
  return {
    ...(temperature !== undefined && { temperature }),
    ...(top_p !== undefined && { top_p }),
    ...(limit !== undefined && { [limitName(model, dialect)]: limit }),
    ...(reasoning?.effort !== undefined && { reasoning_effort: reasoning.effort }),
    // The only seed there is, though its type calls it deprecated for being a beta.
    ...(send_seed === true && { ['seed' as string]: seed }),
    // Without tools the service refuses to be told how to call them.
    ...(parallel !== undefined && tools.length > 0 && { parallel_tool_calls: parallel }),
  }
}

/** OpenAI's own reasoning models refuse the older name, and compatible servers may not know the newer. */
function limitName(
  model: string,
  { isOfficial }: ChatDialect,
): 'max_completion_tokens' | 'max_tokens' {
  const reasons = /(?:^|\/)(?:o\d|gpt-[5-9])/.test(model)
  return isOfficial || reasons ? 'max_completion_tokens' : 'max_tokens'
}

function chatMessages({ content, role }: Message, names: WireNames): readonly ChatMessage[] {
  if (role === 'tool') {
    return content.flatMap((part): ChatMessage[] =>
      part.type === 'tool_result'
        ? [{ role: 'tool', tool_call_id: wireId(part.callId), content: resultText(part) }]
        : [],
    )
  }
  const text = textOf(content)
  if (role !== 'assistant') return [{ role, content: text }]
  const calls = callsOf(content, names)
  return [
    {
      role,
      content: text === '' && calls.length > 0 ? null : text,
      ...(calls.length > 0 && { tool_calls: calls, ...thoughtsOf(content) }),
    },
  ]
}

function callsOf(
  content: readonly Part[],
  names: WireNames,
): OpenAI.ChatCompletionMessageFunctionToolCall[] {
  return content.flatMap((part) => {
    if (part.type !== 'tool_call') return []
    const args = JSON.stringify(sentArguments(part))
    const called = { name: names.toWire(part.tool), arguments: args }
    return [{ id: wireId(part.callId), type: 'function' as const, function: called }]
  })
}

/**
 * Thoughts that came with calls go back as they came, under the name they came by: models that think
 * between calls want them, and only services that sent them ever see them.
 */
function thoughtsOf(content: readonly Part[]): Readonly<Record<string, JsonValue>> {
  const thoughts: Record<string, JsonValue> = {}
  for (const part of content) {
    if (part.type !== 'reasoning') continue
    const field = member(part.opaque, 'field')
    if (field === 'reasoning_content' || field === 'reasoning') thoughts[field] = part.text
    if (field === 'reasoning_details') {
      thoughts[field] = (member(part.opaque, 'value') ?? null) as JsonValue
    }
  }
  return thoughts
}
