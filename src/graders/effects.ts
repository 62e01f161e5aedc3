import {
  type CompiledPattern,
  compileCallPattern,
  evidenceOf,
  nearestMiss,
} from './call-pattern.ts'
import { describeCount, describeTimes, withinTimes } from './describe.ts'
import { defineGrader, fail, firstFailure, type Judgement, pass } from './grader.ts'
import { describeMismatch } from './match-arguments.ts'
import type { CallView, TrialView } from './trial-view.ts'

/**
 * Passes when what had to happen did happen, as often as asked.
 *
 * Only what took effect counts: a proposal that was blocked or failed changed nothing, and a
 * repeated call with the same idempotency key changed nothing again.
 */
export const effects = defineGrader({
  id: 'effects',
  expected: ({ effects: section }) => (section?.required.length ? section.required : undefined),
  prepare(required) {
    const compiled = required.map((effect) => ({ ...effect, pattern: compileCallPattern(effect) }))
    return (view) =>
      firstFailure(
        compiled.map(({ pattern, count }) => {
          const happened = view.calls.filter((call) => call.tookEffect && pattern.matches(call))
          if (withinTimes(happened.length, count)) return pass()
          const expected = `expected ${describeTimes(count)}`
          if (happened.length === 0) return nothingHappened(view, pattern, expected)
          const times = describeCount(happened.length)
          return fail(`${pattern.words} took effect ${times}, ${expected}`, evidenceOf(happened))
        }),
      )
  },
})

/** Nothing of the kind happened; says what did happen instead, or what became of the attempt. */
function nothingHappened(view: TrialView, pattern: CompiledPattern, expected: string): Judgement {
  const reason = `${pattern.words} did not happen, ${expected}`
  const attempts = view.calls.filter((call) => pattern.matches(call))
  const last = attempts.at(-1)
  if (last !== undefined) return fail(`${reason}: ${becameOf(last)}`, evidenceOf(attempts))
  const near = nearestMiss(pattern, view.calls)
  if (near === undefined) return fail(`${reason}: it was never called`, [])
  return fail(`${reason}: ${describeMismatch(near.mismatch, 'expected')}`, evidenceOf([near.call]))
}

function becameOf(call: CallView): string {
  if (call.approvals.length > 0 && call.status === 'blocked') return 'the call is with a human'
  if (call.error !== undefined) return `the call got ${call.error.code}`
  return call.status === 'unfinished' ? 'the call was never answered' : 'the call was blocked'
}
