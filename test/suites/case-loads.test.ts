import { describe, expect, it } from 'vitest'
import { type PlannedCase, plannedCase } from '../../src/schema/run-manifest.ts'
import { caseLoads } from '../../src/suites/case-loads.ts'
import { aCaseStats } from '../builders/case-stats.ts'

function planned(id: string, trials: number, twinOf?: string): PlannedCase {
  const twin = twinOf === undefined ? {} : { twinOf }
  return plannedCase.parse({
    id,
    layer: 'outcome',
    cluster: id,
    trials,
    definitionHash: 'abc',
    ...twin,
  })
}

const plan = [planned('a', 3), planned('b', 2), planned('b~twin', 2, 'b'), planned('c', 1)]

describe('caseLoads', () => {
  it('counts trials, with those of the twin, where nothing is known', () => {
    expect(caseLoads(plan, [])).toEqual([
      { id: 'a', load: 3 },
      { id: 'b', load: 4 },
      { id: 'c', load: 1 },
    ])
  })

  it('goes by what a trial cost, and takes the mean for a case that is new', () => {
    const baseline = [
      aCaseStats({ id: 'a', costUsd: { n: 4, sum: 0.04 }, latenciesMs: [9000] }),
      aCaseStats({ id: 'b', costUsd: { n: 2, sum: 0.06 } }),
      aCaseStats({ id: 'b~twin', costUsd: { n: 2, sum: 0.04 } }),
    ]
    const loads = caseLoads(plan, baseline)
    expect(loads.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
    // a: 3 × 0.01; b: 2 × 0.03 + 2 × 0.02; c: 1 × the mean of 0.01, 0.02 and 0.03.
    const [a, b, c] = loads.map(({ load }) => load)
    expect(a).toBeCloseTo(0.03, 12)
    expect(b).toBeCloseTo(0.1, 12)
    expect(c).toBeCloseTo(0.02, 12)
  })

  it('goes by how long a trial took where nothing cost anything', () => {
    const baseline = [
      aCaseStats({ id: 'a', costUsd: { n: 5, sum: 0 }, latenciesMs: [100, 300] }),
      aCaseStats({ id: 'c', latenciesMs: [1000] }),
      aCaseStats({ id: 'elsewhere', latenciesMs: [1e9] }),
    ]
    expect(caseLoads(plan, baseline)).toEqual([
      { id: 'a', load: 600 },
      { id: 'b', load: 4 * 600 },
      { id: 'c', load: 1000 },
    ])
  })
})
