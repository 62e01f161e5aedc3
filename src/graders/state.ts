import { evidenceOf } from './call-pattern.ts'
import { describeSource } from './describe.ts'
import { defineGrader, fail, pass } from './grader.ts'
import { compileTrialExpressions } from './trial-expression.ts'

/**
 * Judges the world as the trial left it, by conditions over `state`, `calls` and `says`.
 *
 * A condition that cannot be evaluated fails and says so: what is missing from the state is
 * usually what the agent did not do, and an error is never a pass.
 */
export const state = defineGrader({
  id: 'state',
  expected: (expect) => expect.state,
  prepare(expected) {
    const named = expected.map((each) => (typeof each === 'string' ? { that: each } : each))
    const evaluate = compileTrialExpressions(
      named.map((each) => each.that),
      ['state', 'calls', 'says'],
    )
    return (view) => {
      const results = evaluate(view)
      const broken = results.findIndex((result) => !result.holds)
      const result = results[broken]
      const condition = named[broken]
      if (result === undefined || condition === undefined) return pass()
      const text = `${'id' in condition ? `${condition.id}: ` : ''}${describeSource(result.text)}`
      const why =
        result.error === undefined
          ? 'does not hold at the end'
          : `cannot be evaluated at the end: ${describeSource(result.error)}`
      return fail(`${text} ${why}`, evidenceOf(view.calls.filter((call) => call.tookEffect)))
    }
  },
})
