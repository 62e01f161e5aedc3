import type { JsonObject, JsonValue } from '../schema/json.ts'
import type { Times } from '../schema/matcher.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import { truncate } from '../text/truncate.ts'
import type { CallView } from './trial-view.ts'

const longestValue = 60
const longestCall = 160
const longestSource = 120

/** A value of the trace inside a reason: one line, shortened. */
export function describeValue(value: JsonValue): string {
  return truncate(canonicalJson(value), longestValue)
}

/** Text of the case inside a reason, such as an expression or a pattern: one line, shortened. */
export function describeSource(text: string): string {
  return truncate(text.replace(/\s+/g, ' ').trim(), longestSource)
}

/** `payments.issue_refund(order_id="O-1", amount_usd=80)`, shortened. */
export function describeCall(call: Pick<CallView, 'tool' | 'args'>): string {
  return truncate(`${describeName(call.tool)}(${describeArguments(call.args)})`, longestCall)
}

function describeArguments(args: JsonObject): string {
  return Object.entries(args)
    .map(([name, value]) => `${describeName(name)}=${describeValue(value)}`)
    .join(', ')
}

/** The name of a tool or an argument; one that a model made up may hold anything. */
export function describeName(name: string): string {
  return /^[\w.-]{1,64}$/.test(name) ? name : describeValue(name)
}

/** `1`, `at least 1`, `at most 2`, `1 to 2`. */
export function describeTimes(times: Times): string {
  if (typeof times === 'number') return String(times)
  const { min, max } = times
  if (max === undefined) return `at least ${min ?? 0}`
  return min === undefined ? `at most ${max}` : `${min} to ${max}`
}

/** `1 time`, `2 times`. */
export function describeCount(count: number): string {
  return count === 1 ? '1 time' : `${count} times`
}

/** Whether a number of occurrences is one that was asked for. */
export function withinTimes(count: number, times: Times): boolean {
  if (typeof times === 'number') return count === times
  return count >= (times.min ?? 0) && count <= (times.max ?? Number.POSITIVE_INFINITY)
}

/** The most that is still within. */
export function mostTimes(times: Times): number {
  return typeof times === 'number' ? times : (times.max ?? Number.POSITIVE_INFINITY)
}
