import type { Expectation } from '../schema/expect.ts'

/**
 * What can be computed of an expectation. A case must be able to fail by that alone: no judge is asked
 * about agents without a brain, and none makes up for a case that lets them pass.
 */
export function withoutJudge(expect: Expectation): Expectation {
  if (expect.judge === undefined) return expect
  const computed = { ...expect }
  delete computed.judge
  return computed
}
