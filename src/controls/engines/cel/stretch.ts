import { compileExpression, holds } from '../../../expr/expression.ts'
import type { ExprValue } from '../../../expr/value.ts'
import type { AtMost } from '../../../schema/policy.ts'
import type { EarlierCall } from './earlier-calls.ts'

const seconds = { hour: 3_600, day: 86_400 } as const

/** Durations of CEL end at 292 years. */
const longest = 9_000_000_000

const isWithin = compileExpression('timestamp(now) - timestamp(at) < duration(stretch)')

/**
 * Which earlier calls `at_most` counts besides this one. `action`: none; `task`: all of the trial.
 *
 * An hour, a day and a number of seconds reach back from now: a day is the last 24 hours and not the
 * date, and a call that is exactly as old no longer counts.
 *
 * @throws TypeError where a call does not say when it was made
 */
export function withinStretch(
  calls: readonly EarlierCall[],
  within: AtMost['within'],
  now: string,
): readonly EarlierCall[] {
  if (within === 'action') return []
  if (within === 'task') return calls
  const length = typeof within === 'number' ? within : seconds[within]
  const stretch = `${Math.min(length, longest).toFixed(3)}s`
  return calls.filter(({ call }) => isRecent(call.get('at') ?? null, now, stretch))
}

function isRecent(at: ExprValue, now: string, stretch: string): boolean {
  if (!isWithin.ok) throw new TypeError(isWithin.error)
  const said = holds(isWithin.expression, { now, at, stretch })
  if (said.error !== undefined) throw new TypeError(`when an earlier call was made: ${said.error}`)
  return said.holds
}
