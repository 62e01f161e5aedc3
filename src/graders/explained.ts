import { describeCall } from './describe.ts'
import { defineGrader, fail, pass } from './grader.ts'
import { isWriteProposal } from './trial-view.ts'

/**
 * Asks for a stated reason with every write that the agent proposes, also those that were blocked.
 *
 * Gives no grade where nothing was proposed: that something is to be done stands in `effects`.
 */
export const explained = defineGrader({
  id: 'explained',
  expected: (expect) => expect.explained,
  prepare({ min_length: shortest }) {
    return ({ calls }) => {
      const writes = calls.filter(isWriteProposal)
      if (writes.length === 0) return undefined
      const bare = writes.filter((call) => lengthOf(call.reason) < shortest)
      const [first] = bare
      if (first === undefined) return pass()
      const length = lengthOf(first.reason)
      const states =
        length === 0
          ? 'states no reason'
          : `states a reason of ${length} characters, expected at least ${shortest}`
      return fail(
        `${describeCall(first)} ${states}`,
        bare.map((call) => call.seq),
      )
    }
  },
})

/** Runs of white space count as one character. */
function lengthOf(reason = ''): number {
  return reason.replace(/\s+/g, ' ').trim().length
}
