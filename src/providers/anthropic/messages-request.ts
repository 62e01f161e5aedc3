import type Anthropic from '@anthropic-ai/sdk'
import type { SamplingSettings } from '../../schema/candidate.ts'
import { type Message, type Part, textOf } from '../../schema/message.ts'
import { member, words } from '../foreign-json.ts'
import type { ModelRequest } from '../provider.ts'
import { objectSchema, resultText, sentArguments } from '../wire-messages.ts'
import { type WireNames, wireId } from '../wire-names.ts'

type MessagesRequest = Anthropic.MessageCreateParamsNonStreaming
type Block = Anthropic.ContentBlockParam

/** The service wants a limit. Without one of the candidate's own, this many tokens. */
const defaultMaxTokens = 8_192

/** A message must say something. */
const nothing = '(no text)'

/**
 * A request of ours as Anthropic's messages take it.
 *
 * @param forcesTool - a structured answer is asked for as a call of a tool that must be called
 */
export function messagesRequest(
  request: ModelRequest,
  names: WireNames,
  forcesTool: boolean,
): MessagesRequest {
  const { messages, model, output, sampling } = request
  const system = messages
    .filter((message) => message.role === 'system')
    .map((message) => textOf(message.content))
    .filter((text) => text.trim() !== '')
  const { temperature, top_p } = sampling
  const config = configOf(request, forcesTool)
  return {
    model,
    max_tokens: maxTokens(sampling),
    ...(system.length > 0 && { system: system.join('\n\n') }),
    messages: conversation(messages, names),
    ...(temperature !== undefined && { temperature }),
    ...(top_p !== undefined && { top_p }),
    // A model that must call a tool may not think.
    ...(!(forcesTool && output !== undefined) && thinkingOf(sampling)),
    ...(Object.keys(config).length > 0 && { output_config: config }),
    ...toolsOf(request, names, forcesTool),
  }
}

/** Thoughts count against the limit, so that a candidate without one gets room for both. */
function maxTokens({ max_output_tokens, reasoning }: SamplingSettings): number {
  return max_output_tokens ?? defaultMaxTokens + (reasoning?.max_tokens ?? 0)
}

function thinkingOf({ reasoning }: SamplingSettings): Pick<MessagesRequest, 'thinking'> {
  if (reasoning?.effort === 'none') return { thinking: { type: 'disabled' } }
  if (reasoning?.max_tokens !== undefined) {
    return { thinking: { type: 'enabled', budget_tokens: reasoning.max_tokens } }
  }
  return reasoning?.effort === undefined ? {} : { thinking: { type: 'adaptive' } }
}

function configOf({ output, sampling }: ModelRequest, forcesTool: boolean): Anthropic.OutputConfig {
  const effort = sampling.reasoning?.effort
  return {
    ...(effort !== undefined &&
      effort !== 'none' && {
        // The service's lowest.
        effort: effort === 'minimal' ? 'low' : effort,
      }),
    ...(output !== undefined &&
      !forcesTool && {
        format: { type: 'json_schema', schema: output.schema },
      }),
  }
}

function toolsOf(
  { output, sampling, tools }: ModelRequest,
  names: WireNames,
  forcesTool: boolean,
): Pick<MessagesRequest, 'tools' | 'tool_choice'> {
  if (output !== undefined && forcesTool) {
    const { name, schema } = output
    const description = 'Give your answer by calling this.'
    return {
      tools: [{ name, description, input_schema: objectSchema(schema) }],
      tool_choice: { type: 'tool', name },
    }
  }
  if (tools.length === 0) return {}
  const { parallel_tool_calls: parallel } = sampling
  return {
    tools: tools.map(({ description, input, name }) => ({
      name: names.toWire(name),
      description,
      input_schema: objectSchema(input),
    })),
    ...(parallel !== undefined && {
      tool_choice: { type: 'auto', disable_parallel_tool_use: !parallel },
    }),
  }
}

/** The messages in turns: results of tools are the user's, and neighbours of one side are one. */
function conversation(messages: readonly Message[], names: WireNames): Anthropic.MessageParam[] {
  const turns: { role: 'user' | 'assistant'; content: Block[] }[] = []
  for (const { content, role } of messages) {
    if (role === 'system') continue
    const side = role === 'assistant' ? 'assistant' : 'user'
    const blocks = content.flatMap((part) => blockOf(part, names))
    const last = turns.at(-1)
    if (blocks.length === 0) continue
    if (last?.role === side) last.content.push(...blocks)
    else turns.push({ role: side, content: blocks })
  }
  // Every talk begins with the user, also where that one said nothing.
  if (turns[0]?.role !== 'user') {
    turns.unshift({ role: 'user', content: [{ type: 'text', text: nothing }] })
  }
  return turns
}

function blockOf(part: Part, names: WireNames): readonly Block[] {
  switch (part.type) {
    case 'text':
      // Text without a word is refused.
      return part.text.trim() === '' ? [] : [{ type: 'text', text: part.text }]
    case 'tool_call': {
      const name = names.toWire(part.tool)
      return [{ type: 'tool_use', id: wireId(part.callId), name, input: sentArguments(part) }]
    }
    case 'tool_result':
      return [
        {
          type: 'tool_result',
          tool_use_id: wireId(part.callId),
          content: resultText(part),
          ...(part.isError && { is_error: true }),
        },
      ]
    case 'reasoning':
      return thoughtOf(part)
  }
}

/** Thoughts go back word for word with their signature; those of other services have none. */
function thoughtOf({ opaque, text }: Extract<Part, { type: 'reasoning' }>): readonly Block[] {
  const signature = words(member(opaque, 'signature'))
  if (signature !== undefined) return [{ type: 'thinking', thinking: text, signature }]
  const data = words(member(opaque, 'redacted_thinking'))
  return data === undefined ? [] : [{ type: 'redacted_thinking', data }]
}
