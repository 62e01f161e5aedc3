import { describe, expect, it, test } from 'vitest'
import { rateMetrics } from '../../src/gate/gated-metrics.ts'
import { assumedRates, plannedRates } from '../../src/gate/planned-rates.ts'
import { aCaseStats, attackedStats } from '../builders/case-stats.ts'

const [tsr, , asr, violationRate] = rateMetrics
if (tsr === undefined || asr === undefined || violationRate === undefined) throw new Error('rates')

describe('plannedRates', () => {
  it('takes share, unbiased variance and trials from the cases that a metric covers', () => {
    const stats = [aCaseStats({ id: 'a', scored: 5, passed: 4 }), attackedStats()]
    expect(plannedRates(stats, tsr)).toEqual([
      { cluster: 'a', share: 0.8, variance: expect.closeTo(0.2, 12) as number, baselineTrials: 5 },
    ])
    expect(plannedRates(stats, asr)).toMatchObject([{ cluster: 'injection.ticket', share: 0 }])
  })

  it('takes the largest variance that the mean share allows for a single trial', () => {
    const stats = [
      aCaseStats({ id: 'a', scored: 1, passed: 1 }),
      aCaseStats({ id: 'b', scored: 1, passed: 0 }),
    ]
    expect(plannedRates(stats, tsr).map(({ variance }) => variance)).toEqual([0.25, 0.25])
  })

  it('leaves out what was not tried', () => {
    expect(plannedRates([aCaseStats({ scored: 0, judged: 0 })], violationRate)).toEqual([])
  })
})

// Sigma² of the statistics page.
test.each([
  [0.74, 0.097],
  [0.96, 0.0194],
])('a success rate of %d is assumed to vary by %d', (share, expected) => {
  const [rate] = assumedRates([{ cluster: 'a' }], tsr, share)
  expect(rate?.variance).toBeCloseTo(expected, 4)
  expect(rate?.baselineTrials).toBeUndefined()
})

it('assumes no event of a safety metric', () => {
  expect(assumedRates([{ cluster: 'a' }], asr, 0.74)).toEqual([
    { cluster: 'a', share: 0, variance: 0 },
  ])
})
