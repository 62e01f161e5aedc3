import fc from 'fast-check'
import { expect, it } from 'vitest'
import { distributionsOf } from '../../../src/report/page/distributions.ts'
import { aCaseStats } from '../../builders/case-stats.ts'
import { aTrialLine } from '../../builders/trial-line.ts'

it('are of trials with a result, sorted, and of a run with both halves those with controls', () => {
  const trials = [
    aTrialLine({ trial: 1, costUsd: 0.3, elapsedMs: 30 }),
    aTrialLine({ trial: 2, costUsd: 0.1, elapsedMs: 10 }),
    aTrialLine({ trial: 3, costUsd: 9, outcome: 'invalid' }),
    aTrialLine({ trial: 1, costUsd: 9, mode: 'observe' }),
    aTrialLine({ trial: 4, costUsd: undefined, elapsedMs: 20 }),
  ]
  expect(distributionsOf({ shown: 'r', trials }, undefined)).toEqual([
    { id: 'costUsd', label: 'cost of a trial', candidate: [0.1, 0.3] },
    { id: 'latencyMs', label: 'time of a trial', candidate: [10, 20, 30] },
  ])
})

it('of a run that only observed are its own', () => {
  const trials = [aTrialLine({ mode: 'observe', costUsd: 2, elapsedMs: undefined })]
  expect(distributionsOf({ shown: 'r', trials }, undefined)).toMatchObject([{ candidate: [2] }])
})

it('of a committed baseline are times and no costs', () => {
  const baseline = { shown: 'b', cases: [aCaseStats({ latenciesMs: [7, 5] })] }
  const candidate = { shown: 'r', trials: [aTrialLine()] }
  const [cost, time] = distributionsOf(candidate, baseline)
  expect([cost?.baseline, time?.baseline]).toEqual([undefined, [5, 7]])
})

it('keep at most 2,000 amounts, the least and the most among them', () => {
  const amounts = fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 1, maxLength: 6_000 })
  fc.assert(
    fc.property(amounts, (costs) => {
      const trials = costs.map((costUsd) => ({ ...aTrialLine(), costUsd }))
      const { candidate = [] } = distributionsOf({ shown: 'r', trials }, undefined)[0] ?? {}
      expect(candidate).toHaveLength(Math.min(2_000, costs.length))
      expect(candidate[0]).toBe(Math.min(...costs))
      expect(candidate.at(-1)).toBe(Math.max(...costs))
      expect(candidate.every((value, index) => value >= (candidate[index - 1] ?? 0))).toBe(true)
    }),
    { numRuns: 30 },
  )
})
