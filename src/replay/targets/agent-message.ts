import type { JsonObject, JsonValue } from '../../schema/json.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import { truncate } from '../../text/truncate.ts'
import type { OutsideCall } from '../outside-trial.ts'
import { isJsonObject, parseJsonObject } from './json-line.ts'

/** A call as an agent wrote it, with the id that it wants to find its result by. */
export interface AgentCall {
  readonly id?: JsonValue
  readonly call: OutsideCall
}

/** What an agent may say to us, in whatever protocol. */
export type AgentMessage =
  | { readonly type: 'calls'; readonly calls: readonly AgentCall[] }
  | { readonly type: 'reply'; readonly text: string }
  /** A line of its own log; without a text there is nothing to keep. */
  | { readonly type: 'log'; readonly text?: string }
  /** It meant to speak our protocol, and does not; in words. */
  | { readonly type: 'mistake'; readonly message: string }

/** A line of the protocol; `undefined` for anything that is not even meant as a message of ours. */
export function parseAgentLine(line: string): AgentMessage | undefined {
  const message = parseJsonObject(line)
  const type = message?.['type']
  if (message === undefined || typeof type !== 'string') return undefined
  const parse = lineParsers.get(type)
  return parse === undefined ? unknownType(type) : (parse(message) ?? incomplete(type))
}

const lineParsers = new Map<string, (message: JsonObject) => AgentMessage | undefined>([
  ['call', (message) => ({ type: 'calls', calls: [agentCall(message)] })],
  ['calls', callsIn],
  ['reply', (message) => replyIn(message, 'text')],
  ['log', ({ text }) => ({ type: 'log', ...(typeof text === 'string' && { text }) })],
])

/** What other protocols call what is ours by another name. */
const otherNames = new Map([
  ...['answer', 'response', 'message', 'text', 'output', 'final', 'assistant', 'result'].map(
    (name) => [name, 'reply'] as const,
  ),
  ...['tool', 'tool_call', 'tool_use', 'function', 'function_call'].map(
    (name) => [name, 'call'] as const,
  ),
  ['tool_calls', 'calls'],
])

const shownType = 40

function unknownType(type: string): AgentMessage {
  const names = [...lineParsers.keys()]
  const meant = otherNames.get(type.toLowerCase()) ?? didYouMean(type, names)
  const advice =
    meant === undefined
      ? `an agent's messages are of type ${names.join(', ')}`
      : `did you mean "${meant}"?`
  const shown = JSON.stringify(truncate(type, shownType))
  return { type: 'mistake', message: `printed a message of unknown type ${shown}; ${advice}` }
}

function incomplete(type: string): AgentMessage {
  const lacks = type === 'reply' ? 'without a text' : 'without a list of calls'
  return { type: 'mistake', message: `printed a message of type "${type}" ${lacks}` }
}

/** The body of an HTTP answer: `{ reply }` or `{ calls }`; `undefined` for anything else. */
export function parseAgentAnswer(body: string): AgentMessage | undefined {
  const answer = parseJsonObject(body)
  if (answer === undefined) return undefined
  return replyIn(answer, 'reply') ?? callsIn(answer)
}

function replyIn(message: JsonObject, field: string): AgentMessage | undefined {
  const text = message[field]
  return typeof text === 'string' ? { type: 'reply', text } : undefined
}

function callsIn({ calls }: JsonObject): AgentMessage | undefined {
  const proposed = parseAgentCalls(calls)
  return proposed && { type: 'calls', calls: proposed }
}

/** `undefined` where there is no call at all. */
export function parseAgentCalls(calls: JsonValue | undefined): readonly AgentCall[] | undefined {
  if (!Array.isArray(calls) || calls.length === 0) return undefined
  const listed: readonly JsonValue[] = calls
  return listed.map(agentCall)
}

/** A call without a tool is one of no tool: the agent is told so, and the trace keeps it. */
function agentCall(written: JsonValue): AgentCall {
  const { args, id, reason, tool } = isJsonObject(written) ? written : {}
  return {
    ...(id !== undefined && { id }),
    call: {
      tool: typeof tool === 'string' ? tool : '',
      args: argumentsOf(args),
      ...(typeof reason === 'string' && { reason }),
      ...((typeof id === 'string' || typeof id === 'number') && { callId: String(id) }),
    },
  }
}

function argumentsOf(args: JsonValue | undefined): OutsideCall['args'] {
  if (args === undefined) return {}
  if (typeof args === 'string' || isJsonObject(args)) return args
  return JSON.stringify(args)
}
