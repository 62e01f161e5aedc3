import { usd } from '../../report/format.ts'
import type { TrialLine } from '../../schema/trial.ts'

/** What models were paid so far, in words, and whether that is all. */
export interface Spent {
  readonly add: (line: TrialLine) => void
  /** `undefined` while nothing was paid; `at least $1.20` once a model without a price has answered. */
  readonly inWords: () => string | undefined
}

/** @param spentUsd - of the purse: what a recording or a declared rate says, nobody pays now */
export function countSpent(spentUsd: () => number): Spent {
  let isLeast = false
  return {
    add({ unpricedModels = [] }) {
      if (unpricedModels.length > 0) isLeast = true
    },
    inWords() {
      const paid = spentUsd()
      if (paid === 0) return undefined
      return isLeast ? `at least ${usd(paid)}` : usd(paid)
    },
  }
}
