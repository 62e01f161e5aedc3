import { describeCount, describeValue } from './describe.ts'
import { defineGrader, fail, pass, unscored } from './grader.ts'

/**
 * Judges who served the task: every model request of the agent went to the tier that the case names.
 *
 * A small task on a frontier model wastes money, a hard one on a small model fails elsewhere. Where a
 * trace does not say which tier was asked (a foreign agent, a recording), nothing is known.
 */
export const route = defineGrader({
  id: 'route',
  expected: (expect) => expect.route,
  prepare(tier) {
    return ({ requests }) => {
      const known = requests.filter((request) => request.tier !== undefined)
      const elsewhere = known.filter((request) => request.tier !== tier)
      const [first] = elsewhere
      if (first?.tier !== undefined) {
        return fail(
          `asked tier ${describeValue(first.tier)} ${describeCount(elsewhere.length)}, ` +
            `expected ${describeValue(tier)} only`,
          elsewhere.map((request) => request.seq),
        )
      }
      if (known.length === requests.length && known.length > 0) return pass()
      return unscored(
        known.length === 0
          ? 'no model request says which tier it went to'
          : `${requests.length - known.length} of ${requests.length} model requests do not say which tier they went to`,
      )
    }
  },
})
