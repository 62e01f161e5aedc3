import type { ToldValue } from '../../schema/expect.ts'
import type { JsonObject, JsonValue } from '../../schema/json.ts'
import { type CompiledPattern, compileCallPattern, evidenceOf } from '../call-pattern.ts'
import { describeCall, describeValue } from '../describe.ts'
import { fail, firstFailure, type Judgement, pass, unscored } from '../grader.ts'
import type { CallView, ReplyView, TrialView } from '../trial-view.ts'
import { tells } from './tells.ts'

/** A value of a call that a case wants to be told. */
export interface CompiledToldValue {
  readonly pattern: CompiledPattern
  /** As the case writes it: `args.amount_usd`. */
  readonly path: string
}

export function compileToldValue(told: ToldValue): CompiledToldValue {
  return { pattern: compileCallPattern(told), path: told.value }
}

/**
 * `bind`: what was done is what is told. Every matching call that took effect is told in one of the
 * replies, with the value that it was executed with; where none did, there is nothing to tell, so
 * that promising is no answer.
 */
export function judgeBind(
  view: TrialView,
  { path, pattern }: CompiledToldValue,
  replies: readonly ReplyView[],
): Judgement {
  const matching = view.calls.filter((call) => pattern.matches(call))
  const done = matching.filter((call) => call.tookEffect)
  if (done.length === 0) {
    return fail(`nothing to tell: ${pattern.words} never took effect`, evidenceOf(matching))
  }
  return worstOf(done.map((call) => judgeCall(call, path, replies)))
}

function judgeCall(call: CallView, path: string, replies: readonly ReplyView[]): Judgement {
  const value = valueAt(call, path)
  const events = [...evidenceOf([call]), ...replies.map((reply) => reply.seq)]
  if (value === undefined) return fail(`${describeCall(call)} has no ${path} to tell`, events)
  if (!isTellable(value)) return mistake(path, call)
  if (replies.some(({ text }) => tells(text, value))) return pass()
  const told = `${path} of ${describeCall(call)}, which is ${describeValue(value)}`
  return fail(`no reply tells ${told}`, inOrder(events))
}

/**
 * `cites`: an answer names what the agent has read. One matching read that succeeded, whose result
 * the model had before it gave that reply, is enough.
 */
export function judgeCites(
  view: TrialView,
  { path, pattern }: CompiledToldValue,
  replies: readonly ReplyView[],
): Judgement {
  const matching = view.calls.filter((call) => pattern.matches(call))
  const known = matching.filter((call) => replies.some((reply) => knew(reply, call)))
  const [first] = known
  const events = inOrder([...evidenceOf(matching), ...replies.map((reply) => reply.seq)])
  if (first === undefined) return fail(`${pattern.words} was not read before the reply`, events)

  const isNamed = (call: CallView): boolean => {
    const value = valueAt(call, path)
    return isTellable(value) && replies.some((one) => knew(one, call) && tells(one.text, value))
  }
  if (known.some(isNamed)) return pass()
  const untellable = known.find((call) => {
    const value = valueAt(call, path)
    return value !== undefined && !isTellable(value)
  })
  if (untellable !== undefined) return mistake(path, untellable)
  const values = known.flatMap((call) => valueAt(call, path) ?? [])
  if (values.length === 0) return fail(`${describeCall(first)} has no ${path} to name`, events)
  const list = [...new Set(values.map(describeValue))].slice(0, 3).join(' or ')
  return fail(`no reply names ${path} of ${pattern.words}, which is ${list}`, events)
}

/** The model had the result of the call when it gave this reply. */
function knew(reply: ReplyView, call: CallView): boolean {
  return call.status === 'ok' && call.delivered && call.ordinal < reply.ordinal
}

/** An effect that is not told is worse than one that cannot be judged. */
function worstOf(judgements: readonly Judgement[]): Judgement {
  return judgements.find(({ status }) => status === 'fail') ?? firstFailure(judgements)
}

type Tellable = string | number

/** A list cannot be told in one word, and nobody says `true` or `null` to a user. */
function isTellable(value: JsonValue | undefined): value is Tellable {
  return typeof value === 'number' || (typeof value === 'string' && /[\p{L}\p{N}]/u.test(value))
}

function mistake(path: string, call: CallView): Judgement {
  const value = describeValue(valueAt(call, path) ?? null)
  return unscored(
    `${path} of ${describeCall(call)} is ${value}; the case may ask only for a number or a text`,
  )
}

/** `undefined` where the path leads nowhere, or where no result came back. */
function valueAt(call: CallView, path: string): JsonValue | undefined {
  const [root, ...members] = path.split('.')
  const start: JsonValue | undefined = root === 'args' ? call.args : call.value
  return members.reduce(memberOf, start)
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  // A list has its elements under their numbers.
  return (value as JsonObject)[name]
}

function inOrder(events: readonly number[]): readonly number[] {
  return [...events].sort((a, b) => a - b)
}
