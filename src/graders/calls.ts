import type { ExpectedCall } from '../schema/expect.ts'
import {
  type CompiledPattern,
  compileCallPattern,
  evidenceOf,
  nearestMiss,
} from './call-pattern.ts'
import { describeCount, describeTimes, withinTimes } from './describe.ts'
import { defineGrader, fail, firstFailure, type Judgement, pass } from './grader.ts'
import { describeMismatch } from './match-arguments.ts'
import type { CallView } from './trial-view.ts'

/**
 * Judges what the agent tried: which calls it proposed, how often, and in which order.
 *
 * Proposals count, whatever became of them. What happened in the end is for `effects`.
 */
export const calls = defineGrader({
  id: 'calls',
  expected: (expect) => expect.calls,
  prepare(expected) {
    const compiled = expected.map((call) => ({ call, pattern: compileCallPattern(call) }))
    return (view) =>
      firstFailure(
        compiled.flatMap((each) => [countOf(each, view.calls), orderOf(each, view.calls)]),
      )
  },
})

interface Compiled {
  readonly call: ExpectedCall
  readonly pattern: CompiledPattern
}

function countOf({ call: { count }, pattern }: Compiled, proposed: readonly CallView[]): Judgement {
  const matching = proposed.filter((call) => pattern.matches(call))
  if (withinTimes(matching.length, count)) return pass()
  const called = matching.length === 0 ? 'never called' : `called ${describeCount(matching.length)}`
  const reason = `${pattern.words} was ${called}, expected ${describeTimes(count)}`
  const near = matching.length === 0 ? nearestMiss(pattern, proposed) : undefined
  if (near === undefined) return fail(reason, evidenceOf(matching))
  return fail(`${reason}: ${describeMismatch(near.mismatch, 'expected')}`, evidenceOf([near.call]))
}

/**
 * `before`: a result of the call was there when the agent first asked for the other tool, so that
 * it could act on it. Two calls in one answer are in no order, and an error is no result. Where
 * either tool was not called there is no order to judge; `count` asks for the call itself.
 */
function orderOf({ call, pattern }: Compiled, proposed: readonly CallView[]): Judgement {
  const later = proposed.find((other) => other.tool === call.before)
  const matching = proposed.filter((each) => pattern.matches(each))
  if (later === undefined || matching.length === 0) return pass()
  if (matching.some((each) => each.status === 'ok' && each.ordinal < later.ordinal)) return pass()
  return fail(
    `${later.tool} was called before the result of ${pattern.words} was known`,
    evidenceOf([later, ...matching].sort((a, b) => a.seq - b.seq)),
  )
}
