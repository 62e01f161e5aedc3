import type { JsonObject, JsonValue } from '../../schema/json.ts'
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
  | { readonly type: 'log' }

/** A line of the protocol; `undefined` for anything that is no message of ours. */
export function parseAgentLine(line: string): AgentMessage | undefined {
  const message = parseJsonObject(line)
  const type = message?.['type']
  if (message === undefined || typeof type !== 'string') return undefined
  return lineParsers.get(type)?.(message)
}

const lineParsers = new Map<string, (message: JsonObject) => AgentMessage | undefined>([
  ['call', (message) => ({ type: 'calls', calls: [agentCall(message)] })],
  ['calls', callsIn],
  ['reply', (message) => replyIn(message, 'text')],
  ['log', () => ({ type: 'log' })],
])

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
