import type { JsonValue } from '../schema/json.ts'
import type { Part, ToolCallPart } from '../schema/message.ts'

/** How often each call id was used in a trial. */
export type UsedCallIds = Map<string, number>

/** Deeper arguments are nobody's; they would only wear out the stack of whoever reads them. */
const maxDepth = 64

/**
 * Decisions about replies, and about lines of the agent's own log, are recorded under such names; a
 * call must not pass for one.
 */
const reserved = /^(?:reply-\d+$|log-)/

/**
 * A model's answer as the rest of the trial may trust it: every call has an id of its own, and
 * arguments that JSON can hold. Arguments that it cannot stand as raw text, which no tool takes.
 *
 * @param used - the trial's ids so far; this answer's are added
 */
export function admitCalls(content: readonly Part[], used: UsedCallIds): readonly Part[] {
  return content.map((part) => (part.type === 'tool_call' ? admit(part, used) : part))
}

function admit(part: ToolCallPart, used: UsedCallIds): ToolCallPart {
  return { ...part, callId: ownId(part.callId, used), args: admitArguments(part.args) }
}

function ownId(wanted: string, used: UsedCallIds): string {
  const base = baseOf(wanted)
  let count = used.get(base) ?? 0
  let id: string
  do {
    count += 1
    id = numbered(base, count)
  } while (used.has(id) || reserved.test(id))
  used.set(base, count)
  if (id !== base) used.set(id, 1)
  return id
}

function numbered(base: string, count: number): string {
  return count === 1 ? base : `${base}-${count}`
}

/** Of a reserved form no number would ever make another. */
function baseOf(wanted: string): string {
  if (wanted === '') return 'call'
  return reserved.test(numbered(wanted, 2)) ? `call-${wanted}` : wanted
}

function admitArguments(args: ToolCallPart['args']): ToolCallPart['args'] {
  if (typeof args === 'string') return args
  const unfit = misfit(args, maxDepth)
  if (unfit !== undefined) return `(${unfit})`
  return isObject(args) ? args : JSON.stringify(args)
}

function isObject(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Why JSON cannot hold a value, or nobody should; `1e999` is such a number. */
function misfit(value: JsonValue, depth: number): string | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) return 'a number out of range'
  if (typeof value !== 'object' || value === null) return undefined
  if (depth === 0) return `nested deeper than ${maxDepth} levels`
  const members: readonly JsonValue[] = Object.values(value)
  for (const member of members) {
    const unfit = misfit(member, depth - 1)
    if (unfit !== undefined) return unfit
  }
  return undefined
}
