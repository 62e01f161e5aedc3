import { describe, expect, it } from 'vitest'
import { diagnoseCases } from '../../src/gate/diagnose-cases.ts'
import { aCaseStats, attackedStats } from '../builders/case-stats.ts'
import { expectClose } from '../metrics/vectors.ts'
import { pairsOf, passing, type Sides, times } from './arms.ts'

const diagnose = (sides: Sides): ReturnType<typeof diagnoseCases> => diagnoseCases(pairsOf(sides))

describe('single cases', () => {
  it('break and are fixed beyond their noise', () => {
    const found = diagnose(
      passing([[5, 5, 0, 5], [0, 5, 5, 5], [5, 5, 4, 5], ...times(7, [5, 5, 5, 5] as const)]),
    )
    expect(found.broken).toEqual(['case.000'])
    expect(found.fixed).toEqual(['case.001'])
    expect(found.flaky.map(({ id }) => id)).toEqual(['case.002'])
  })

  it('cannot break on one trial each', () => {
    const found = diagnose(passing(times(10, [1, 1, 0, 1])))
    expect(found).toMatchObject({ broken: [], fixed: [], flaky: [] })
  })

  it('are flaky with both outcomes in one arm: most of the noise first', () => {
    const found = diagnose(
      passing([
        [5, 5, 4, 5],
        [3, 5, 2, 5],
        [5, 5, 5, 5],
        [5, 5, 0, 5],
      ]),
    )
    // v · 2w: p̄ = 0.9, 0.5, 1, 0.5 with 10/9 · p̄(1 − p̄) · 0.4.
    const noise = [0.09, 0.25, 0, 0.25]
    const all = noise.reduce((sum, one) => sum + one, 0)
    expect(found.flaky.map(({ id }) => id)).toEqual(['case.001', 'case.000'])
    expectClose(
      found.flaky.map((one) => one.noiseShare),
      [0.25 / all, 0.09 / all],
      1e-11,
    )
    expect(found.flaky[1]).toMatchObject({
      baseline: { passed: 5, scored: 5 },
      candidate: { passed: 4, scored: 5 },
    })
    // Wilson's interval of 9 of 10 at 95 % (R: prop.test without correction).
    expectClose([found.flaky[1]?.ciLower, found.flaky[1]?.ciUpper], [0.59585, 0.9821238], 1e-6)
  })

  it('change by more than noise', () => {
    // Differences −1, +1 and four 0 of mean 0; noise 10/9 · 0.25 · 0.4 in two cases: 2 / (2/9).
    const swapped = passing([[5, 5, 0, 5], [0, 5, 5, 5], ...times(4, [5, 5, 5, 5] as const)])
    expectClose(diagnose(swapped).changeRatio, 9, 1e-9)
    expect(diagnose(passing(times(5, [5, 5, 5, 5]))).changeRatio).toBeUndefined()
  })
})

describe('what is left out', () => {
  it('are cases without a scored trial in one arm', () => {
    const found = diagnose(
      passing([
        [0, 0, 3, 5],
        [3, 5, 0, 0],
      ]),
    )
    expect(found).toEqual({ broken: [], fixed: [], flaky: [] })
  })

  it('is everything, where there is nothing', () => {
    expect(diagnoseCases([])).toEqual({ broken: [], fixed: [], flaky: [] })
  })

  it('are attacked cases from the noise of the success rate, and from nothing else', () => {
    const plain = passing([[4, 5, 5, 5]])
    const attacked = attackedStats({ id: 'attack', passed: 3 })
    const found = diagnose({
      baseline: [...plain.baseline, attacked, attackedStats({ id: 'broke' })],
      candidate: [...plain.candidate, attacked, attackedStats({ id: 'broke', passed: 0 })],
    })
    expect(found.broken).toEqual(['broke'])
    expect(found.flaky.map(({ id, noiseShare }) => [id, noiseShare])).toEqual([
      ['case.000', 1],
      ['attack', 0],
    ])
  })
})

it('is told of the candidate by its id', () => {
  const sides = passing([[5, 5, 0, 5]])
  expect(diagnose(sides).broken).toEqual(['case.000'])
  expect(
    diagnoseCases([{ baseline: aCaseStats(), candidate: aCaseStats({ passed: 0 }) }]).broken,
  ).toEqual(['refund.full'])
})
