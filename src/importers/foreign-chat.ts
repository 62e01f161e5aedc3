import { z } from 'zod'
import type { JsonObject } from '../schema/json.ts'
import { isObject, parseArguments } from './parse-record.ts'

export interface RecordedCall {
  /** Empty where the format records none. */
  readonly id: string
  readonly tool: string
  /** The text where it is no JSON object. */
  readonly args: JsonObject | string
}

/** One message of a recorded conversation, whatever the format. */
export type RecordedMessage =
  | { readonly role: 'system' | 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly text: string; readonly calls: readonly RecordedCall[] }
  | {
      readonly role: 'tool'
      readonly text: string
      readonly callId: string
      /** The error that the agent saw. */
      readonly error?: string
    }

const block = z.object({
  type: z.string().optional(),
  text: z.string().nullish(),
  content: z.string().nullish(),
})
const content = z.union([z.string(), z.array(block)]).nullish()
const argumentObject = z.custom<JsonObject>(isObject, 'expected an object')

const openAiFunction = z.object({
  name: z.string(),
  arguments: z.union([z.string(), argumentObject]).nullish(),
})

/** A chat message as OpenAI writes it, with tool calls or the older function call. */
export const openAiMessage = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content,
  tool_calls: z.array(z.object({ id: z.string().nullish(), function: openAiFunction })).nullish(),
  function_call: openAiFunction.nullish(),
  tool_call_id: z.string().nullish(),
})

/** @param isError - whether the text of a tool result tells of an error */
export function fromOpenAi(
  message: z.infer<typeof openAiMessage>,
  isError: (text: string) => boolean,
): RecordedMessage {
  const text = textOfContent(message.content)
  if (message.role === 'assistant') {
    const older = message.function_call
    const calls = older ? [{ id: '', function: older }] : (message.tool_calls ?? [])
    return { role: 'assistant', text, calls: calls.map(openAiCall) }
  }
  if (message.role === 'tool' || message.role === 'function') {
    const callId = message.tool_call_id ?? ''
    return { role: 'tool', text, callId, ...(isError(text) && { error: text }) }
  }
  return { role: message.role === 'user' ? 'user' : 'system', text }
}

function openAiCall(call: {
  readonly id?: string | null | undefined
  readonly function: z.infer<typeof openAiFunction>
}): RecordedCall {
  const { name, arguments: args } = call.function
  return {
    id: call.id ?? '',
    tool: name,
    args: typeof args === 'string' ? parseArguments(args) : (args ?? {}),
  }
}

/** A message as AgentDojo writes it; in its older files, and in DRIFT's, content is plain text. */
export const agentdojoMessage = z.object({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content,
  tool_calls: z
    .array(z.object({ id: z.string().nullish(), function: z.string(), args: argumentObject }))
    .nullish(),
  tool_call_id: z.string().nullish(),
  error: z.string().nullish(),
})

export function fromAgentdojo(message: z.infer<typeof agentdojoMessage>): RecordedMessage {
  const text = textOfContent(message.content)
  if (message.role === 'assistant') {
    const calls = message.tool_calls ?? []
    return {
      role: 'assistant',
      text,
      calls: calls.map((call) => ({ id: call.id ?? '', tool: call.function, args: call.args })),
    }
  }
  if (message.role !== 'tool') return { role: message.role, text }
  const error = message.error ?? ''
  return { role: 'tool', text, callId: message.tool_call_id ?? '', ...(error !== '' && { error }) }
}

function textOfContent(value: z.infer<typeof content>): string {
  if (typeof value === 'string') return value
  return (value ?? [])
    .map((part) => part.text ?? part.content ?? `[${part.type ?? 'part'} left out]`)
    .join('\n')
}
