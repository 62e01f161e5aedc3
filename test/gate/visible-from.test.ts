import { describe, expect, it } from 'vitest'
import { type UnseenFault, visibleFrom } from '../../src/gate/visible-from.ts'
import type { MetricVerdict } from '../../src/schema/verdict.ts'
import { aMetric } from '../builders/verdict.ts'

const fault: UnseenFault = {
  metric: 'tsr',
  strength: 0.1,
  trials: 2,
  baselineFactor: 3,
  alpha: 0.05,
}

function undecided(changes: Partial<MetricVerdict> = {}): readonly MetricVerdict[] {
  const open = { status: 'inconclusive', unit: 'trial', nCandidate: 20, change: -0.1 } as const
  return [aMetric({ id: 'tsr', ...open, ...changes }), aMetric({ id: 'violationRate' })]
}

describe('how many trials would show a fault', () => {
  // 0.25^3 = 0.016 is below 0.05 / 2; a Poisson count is at least 3 in four of five at mean 4.28.
  it('is so many that the events which raise an alarm are expected', () => {
    expect(visibleFrom(undecided(), fault)).toEqual({ metric: 'tsr', trials: 5 })
  })

  it('is more where the fault does less harm than it was set to', () => {
    const trials = visibleFrom(undecided({ change: -0.05 }), fault)?.trials
    expect(trials).toBe(9)
  })

  it('is one more at least: what was missed by bad luck is looked at again', () => {
    const seen = visibleFrom(undecided({ nCandidate: 2000, change: -0.1 }), fault)
    expect(seen).toEqual({ metric: 'tsr', trials: 3 })
  })

  it('is planned from the strength while the fault may just not have happened', () => {
    expect(visibleFrom(undecided({ change: 0 }), fault)).toEqual({ metric: 'tsr', trials: 5 })
  })

  it('takes a rise where a rise is bad', () => {
    const rise = aMetric({ id: 'asr', worse: 'higher', change: 0.1, nCandidate: 20 })
    const found = visibleFrom([rise, ...undecided()], { ...fault, metric: 'asr' })
    expect(found?.metric).toBe('asr')
    // 0.25^3 is 0.0156, below 0.05 / 3 = 0.0167: three events still.
    expect(found?.trials).toBe(5)
  })
})

describe('no number is named', () => {
  it('where it happened often and no case noticed', () => {
    expect(visibleFrom(undecided({ nCandidate: 50, change: 0 }), fault)).toBeUndefined()
  })

  it('where the metric is not gated', () => {
    expect(visibleFrom(undecided(), { ...fault, metric: 'asr' })).toBeUndefined()
  })

  it('where whole cases are the unit: more trials are no more cases', () => {
    expect(visibleFrom(undecided({ unit: 'case' }), fault)).toBeUndefined()
  })

  it('where nothing was tried', () => {
    expect(visibleFrom(undecided({ nCandidate: 0 }), fault)).toBeUndefined()
  })
})
