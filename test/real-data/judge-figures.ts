import { wilson } from '../../src/metrics/binomial-intervals.ts'
import { meanPassHatK } from '../../src/metrics/pass-hat-k.ts'
import { adversarialSubsets, type Judge, type JudgedSubset, judgedSubsets } from './llmbar.ts'
import { rounded } from './run-figures.ts'

/** Percent correct over the adversarial subsets, each of which weighs the same. */
export function adversarialAccuracy(judge: Judge, digits = 1): number | undefined {
  const shares = adversarialSubsets.map((name) => accuracy(subsetOf(judge, name)))
  return rounded(100 * mean(shares), digits)
}

/** Percent correct over the natural pairs, and the bounds of its 95 % interval. */
export function naturalAccuracy(judge: Judge): readonly (number | undefined)[] {
  const natural = subsetOf(judge, 'Natural')
  const share = accuracy(natural)
  // The two verdicts on a pair depend on each other, so there are as many trials as pairs.
  const trials = natural.pairs.length
  const bounds = wilson({ events: share * trials, trials }, 0.025)
  return [share, bounds?.lower ?? 0, bounds?.upper ?? 1].map((value) => rounded(100 * value, 1))
}

/** Percent of pairs judged alike in both orders, in the subset with the fewest and the most. */
export function orderAgreement(judge: Judge): readonly (number | undefined)[] {
  const shares = [...judgedSubsets(judge).values()].map(({ pairs }) =>
    mean(pairs.map(({ agrees }) => (agrees ? 100 : 0))),
  )
  return [Math.min(...shares), Math.max(...shares)].map((value) => rounded(value, 0))
}

/** Subsets in which we count other verdicts correct than the publishers did. */
export function countedOtherwise(judge: Judge): readonly string[] {
  return [...judgedSubsets(judge)].flatMap(([name, { pairs, published }]) => {
    const inBothOrders = pairs.filter(({ correct }) => correct.passed === 2).length
    const correct = pairs.reduce((sum, one) => sum + one.correct.passed, 0)
    const { correct_both, correct_False, correct_True } = published
    return inBothOrders === correct_both && correct === correct_False + correct_True ? [] : [name]
  })
}

function subsetOf(judge: Judge, name: string): JudgedSubset {
  const found = judgedSubsets(judge).get(name)
  if (found === undefined) throw new Error(`there is no subset ${name}`)
  return found
}

/** A verdict is a trial of its pair, so accuracy is pass^1. */
function accuracy({ pairs }: JudgedSubset): number {
  const counts = pairs.map(({ correct }) => correct)
  return meanPassHatK(counts, 1)?.value ?? Number.NaN
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
