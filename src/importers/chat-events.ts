import type { JsonObject } from '../schema/json.ts'
import { type Part, textPart } from '../schema/message.ts'
import type { EventBody } from '../schema/trace.ts'
import type { RecordedCall, RecordedMessage } from './foreign-chat.ts'

/** A call and what became of it. */
export interface CallStep {
  readonly tool: string
  /** The text where it was no JSON object. */
  readonly args: JsonObject | string
  /** `unfinished`: the recording ends, or goes on, without its result. */
  readonly status: 'ok' | 'error' | 'unfinished'
}

/** A recorded conversation as events of ours, and what a trial line needs of it. */
export interface ChatEvents {
  readonly events: readonly EventBody[]
  readonly calls: readonly CallStep[]
  /** The agent's words, also those beside tool calls. */
  readonly replies: readonly { readonly turn: number; readonly text: string }[]
  readonly modelCalls: number
  /** What had to be mended or could not be kept, in words. */
  readonly oddities: readonly string[]
}

interface OpenCall {
  readonly callId: string
  /** Its step among the calls; the result sets the status. */
  readonly step: { -readonly [Key in keyof CallStep]: CallStep[Key] }
}

interface Reading {
  readonly events: EventBody[]
  readonly calls: CallStep[]
  readonly replies: { readonly turn: number; readonly text: string }[]
  /** Calls that wait for their result, by recorded id, oldest first. */
  readonly open: Map<string, OpenCall[]>
  readonly callIds: Set<string>
  readonly oddities: Set<string>
  turn: number
  modelCalls: number
}

/**
 * Turns a recorded conversation into events. Turns count the user's messages, from 1; the system
 * prompt stands in turn 0. Arguments were checked by nobody, so no call has schema errors, and
 * what a call changed is unknown.
 */
export function chatEvents(messages: readonly RecordedMessage[]): ChatEvents {
  const reading: Reading = {
    events: [],
    calls: [],
    replies: [],
    open: new Map(),
    callIds: new Set(),
    oddities: new Set(),
    turn: 0,
    modelCalls: 0,
  }
  for (const message of messages) read(reading, message)
  const { events, calls, replies, modelCalls, oddities } = reading
  if (calls.some((call) => call.status === 'unfinished')) {
    oddities.add('a tool call has no recorded result')
  }
  return { events, calls, replies, modelCalls, oddities: [...oddities] }
}

function read(reading: Reading, message: RecordedMessage): void {
  if (message.role === 'assistant') readReply(reading, message)
  else if (message.role === 'tool') readResult(reading, message)
  else readWords(reading, message)
}

function readWords(
  reading: Reading,
  { role, text }: Extract<RecordedMessage, { role: 'system' | 'user' }>,
): void {
  if (role === 'user') reading.turn += 1
  say(reading, role, text === '' ? [] : [textPart(text)])
}

function readReply(
  reading: Reading,
  { text, calls }: Extract<RecordedMessage, { role: 'assistant' }>,
): void {
  const ordinal = reading.modelCalls
  reading.modelCalls += 1
  const named = calls.map((call) => ({ ...call, callId: unusedCallId(reading, call.id) }))
  const words = text === '' ? [] : [textPart(text)]
  say(reading, 'assistant', [
    ...words,
    ...named.map(({ callId, tool, args }): Part => ({ type: 'tool_call', callId, tool, args })),
  ])
  if (text.trim() !== '') reading.replies.push({ turn: reading.turn, text })
  for (const call of named) propose(reading, call, ordinal)
}

function propose(
  reading: Reading,
  { id, callId, tool, args }: RecordedCall & { readonly callId: string },
  ordinal: number,
): void {
  const isRaw = typeof args === 'string'
  if (isRaw) reading.oddities.add('arguments of a tool call are no JSON object; kept as raw text')
  reading.events.push({
    type: 'tool.proposed',
    callId,
    turn: reading.turn,
    ordinal,
    tool,
    args: isRaw ? {} : args,
    ...(isRaw && { rawArgs: args }),
    schemaErrors: [],
    log: {},
  })
  const step: CallStep = { tool, args, status: 'unfinished' }
  reading.calls.push(step)
  const waiting = reading.open.get(id) ?? []
  waiting.push({ callId, step })
  reading.open.set(id, waiting)
}

function readResult(
  reading: Reading,
  { text, callId: id, error }: Extract<RecordedMessage, { role: 'tool' }>,
): void {
  const call = reading.open.get(id)?.shift()
  if (call === undefined) {
    reading.oddities.add('a tool result belongs to no recorded call; kept as a message')
    say(reading, 'tool', [textPart(error ?? text)])
    return
  }
  const { callId, step } = call
  step.status = error === undefined ? 'ok' : 'error'
  reading.events.push({
    type: 'tool.result',
    callId,
    tool: step.tool,
    status: step.status,
    executed: error === undefined,
    origin: 'recorded',
    ...(text !== error && { value: text }),
    ...(error !== undefined && { error: { code: 'recorded_error', message: error } }),
    changes: [],
    latencyMs: 0,
  })
}

function say(
  reading: Reading,
  role: Extract<EventBody, { type: 'message' }>['role'],
  content: Part[],
): void {
  reading.events.push({ type: 'message', role, turn: reading.turn, content })
}

/** Providers have given one id to several calls of a conversation; ours are unique in a trial. */
function unusedCallId({ callIds, oddities }: Reading, id: string): string {
  const base = id === '' ? 'call' : id
  let callId = base
  for (let n = callIds.size; callIds.has(callId); n += 1) callId = `${base}~${n}`
  if (callId !== base && id !== '') {
    oddities.add('a tool call id is used twice; the later call got another')
  }
  callIds.add(callId)
  return callId
}
