import { describe, expect, it } from 'vitest'
import { gatedMetrics } from '../../src/gate/gated-metrics.ts'
import { worstChange } from '../../src/gate/worst-change.ts'
import { aCaseStats } from '../builders/case-stats.ts'

type Changes = Parameters<typeof aCaseStats>[0]

function worst(...pairs: readonly (readonly [Changes, Changes])[]): object {
  const tsr = gatedMetrics.find((metric) => metric.id === 'tsr')
  if (tsr?.kind !== 'rate') throw new Error('tsr is a rate')
  const built = pairs.map(([baseline, candidate]) => ({
    baseline: aCaseStats(baseline),
    candidate: aCaseStats(candidate),
  }))
  return worstChange(built, tsr)
}

describe('worstChange', () => {
  it('is the change itself where nothing got lost', () => {
    expect(worst([{}, { passed: 3 }])).toEqual({ worstLower: -0.4, worstUpper: -0.4 })
  })

  it('lets every lost trial go against the candidate, then for it', () => {
    // Baseline 2 to 4 of 5, candidate 1 to 3 of 5.
    const baseline = { scored: 3, passed: 2, invalid: 1, incomplete: 1 }
    const candidate = { scored: 3, passed: 1, incomplete: 2 }
    expect(worst([baseline, candidate])).toEqual({ worstLower: -0.6, worstUpper: 0.2 })
  })

  it('bounds a case whose trials all got lost, and weighs it like any other', () => {
    const lost = { scored: 0, passed: 0, invalid: 2 }
    expect(worst([{}, lost], [{}, {}])).toEqual({ worstLower: -0.5, worstUpper: 0 })
  })

  it('says nothing of a case that an arm never tried', () => {
    const untried = { scored: 0, passed: 0 }
    expect(worst([untried, {}], [{}, { passed: 0 }])).toEqual({ worstLower: -1, worstUpper: -1 })
    expect(worst([{}, untried])).toEqual({})
    expect(worst()).toEqual({})
  })
})
