import { foreignName, readArguments, tokenCount } from '../../providers/foreign-json.ts'
import type { JsonObject, JsonValue } from '../../schema/json.ts'
import type { Part } from '../../schema/message.ts'
import type { Usage } from '../../schema/model-answer.ts'
import type { Exchange, ReadAnswer, StreamReader } from './read-answer.ts'
import { objectIn, objectsIn, textIn } from './read-json.ts'
import { usageOf } from './usage-of.ts'

/** `POST /v1/messages`. Its stream tells its usage without being asked. */
export const anthropicMessages: Exchange = {
  countMessages: ({ messages, system }) =>
    objectsIn(messages).length + (system === undefined ? 0 : 1),
  readAnswer,
  startStream,
}

function readAnswer(body: JsonObject): ReadAnswer {
  const usage = readUsage(body['usage'])
  return {
    content: objectsIn(body['content']).flatMap(partOf),
    modelServed: foreignName(body['model']) ?? '',
    stopReason: stopReason(body['stop_reason']),
    ...(usage !== undefined && { usage }),
  }
}

function partOf(block: JsonObject): readonly Part[] {
  if (block['type'] === 'text') return [{ type: 'text', text: textIn(block['text']) }]
  if (block['type'] === 'thinking') return [{ type: 'reasoning', text: textIn(block['thinking']) }]
  if (block['type'] !== 'tool_use') return []
  const { id, input, name } = block
  const args = readArguments(input)
  return [{ type: 'tool_call', callId: textIn(id), tool: textIn(name), args }]
}

function stopReason(value: JsonValue | undefined): ReadAnswer['stopReason'] {
  if (value === 'tool_use') return 'tool_calls'
  if (value === 'max_tokens' || value === 'model_context_window_exceeded') return 'length'
  return value === 'refusal' ? 'refusal' : 'end'
}

/** `input_tokens` is only what no cache had a part in; ours is all of it. */
function readUsage(value: JsonValue | undefined): Usage | undefined {
  const usage = objectIn(value) ?? {}
  const fresh = tokenCount(usage['input_tokens'])
  const cacheReadTokens = tokenCount(usage['cache_read_input_tokens'])
  const cacheWriteTokens = tokenCount(usage['cache_creation_input_tokens'])
  const cached = (cacheReadTokens ?? 0) + (cacheWriteTokens ?? 0)
  return usageOf(
    {
      inputTokens: fresh === undefined ? undefined : fresh + cached,
      outputTokens: tokenCount(usage['output_tokens']),
    },
    { cacheReadTokens, cacheWriteTokens },
  )
}

/** A content block as its pieces come in; `json` is a tool's input, written bit by bit. */
interface Block {
  readonly start: JsonObject
  text: string
  thinking: string
  json: string
}

/** An answer under way. */
interface Draft {
  message: JsonObject
  delta: JsonObject
  usage: JsonObject
  readonly blocks: Map<number, Block>
  ended: boolean
}

function startStream(): StreamReader {
  const draft: Draft = { message: {}, delta: {}, usage: {}, blocks: new Map(), ended: false }
  return {
    add: (event) => events[textIn(event['type'])]?.(draft, event),
    usage: () => readUsage(draft.usage),
    whole() {
      if (!draft.ended) return undefined
      const { blocks, delta, message, usage } = draft
      return { ...message, ...delta, usage, content: [...blocks.values()].map(wholeBlock) }
    },
  }
}

const events: Partial<Record<string, (draft: Draft, event: JsonObject) => void>> = {
  message_start(draft, { message }) {
    draft.message = objectIn(message) ?? {}
    draft.usage = objectIn(draft.message['usage']) ?? {}
  },
  content_block_start(draft, { content_block, index }) {
    const start = objectIn(content_block) ?? {}
    draft.blocks.set(tokenCount(index) ?? draft.blocks.size, {
      start,
      text: textIn(start['text']),
      thinking: textIn(start['thinking']),
      json: '',
    })
  },
  content_block_delta(draft, { delta, index }) {
    const block = draft.blocks.get(tokenCount(index) ?? 0)
    const piece = objectIn(delta)
    if (block === undefined || piece === undefined) return
    block.text += textIn(piece['text'])
    block.thinking += textIn(piece['thinking'])
    block.json += textIn(piece['partial_json'])
  },
  message_delta(draft, { delta, usage }) {
    draft.delta = objectIn(delta) ?? {}
    // It counts from the start and names only what it counts again.
    draft.usage = { ...draft.usage, ...numbersIn(objectIn(usage)) }
  },
  message_stop(draft) {
    draft.ended = true
  },
}

/** Without the members that are `null`: those would hide what the first event told. */
function numbersIn(usage: JsonObject = {}): JsonObject {
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null))
}

function wholeBlock({ json, start, text, thinking }: Block): JsonObject {
  const input = json === '' ? (start['input'] ?? {}) : json
  return { ...start, text, thinking, input }
}
