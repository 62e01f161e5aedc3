import { expect, it } from 'vitest'
import { pooledCounts } from '../../src/gate/pooled-counts.ts'
import type { CaseStats } from '../../src/schema/case-stats.ts'
import { aCaseStats } from '../builders/case-stats.ts'

const passed = {
  events: (one: CaseStats): number => one.passed,
  trials: (one: CaseStats): number => one.scored,
}

it('sums over cases', () => {
  const cases = [aCaseStats({ scored: 5, passed: 4 }), aCaseStats({ scored: 10, passed: 3 })]
  expect(pooledCounts(cases, passed)).toEqual({ events: 7, trials: 15 })
  expect(pooledCounts([], passed)).toEqual({ events: 0, trials: 0 })
})

it('counts trials that share a seed once, with the rate that they had', () => {
  const copies = aCaseStats({ scored: 8, passed: 6, seeds: 2 })
  expect(pooledCounts([copies], passed)).toEqual({ events: 1.5, trials: 2 })
  expect(pooledCounts([copies, aCaseStats({ scored: 4 })], passed)).toEqual({
    events: 5.5,
    trials: 6,
  })
})

it('takes a case without a scored trial as it is', () => {
  const lost = aCaseStats({ scored: 0, passed: 0, seeds: 0, trajectories: 0 })
  expect(pooledCounts([lost], passed)).toEqual({ events: 0, trials: 0 })
})

it('does not take more seeds than trials for more trials', () => {
  expect(pooledCounts([aCaseStats({ scored: 3, seeds: 9 })], passed)).toEqual({
    events: 3,
    trials: 3,
  })
})
