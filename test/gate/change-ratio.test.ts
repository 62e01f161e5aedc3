import { describe, expect, it } from 'vitest'
import { changeRatioOf } from '../../src/gate/change-ratio.ts'
import type { TwoArms } from '../../src/gate/split-arms.ts'
import { aCaseStats } from '../builders/case-stats.ts'
import { dice } from '../metrics/random.ts'

type Counts = readonly [firstPassed: number, secondPassed: number]

/** Five trials of each case in each half. */
function halves(cases: readonly Counts[], scored = 5): TwoArms {
  const arm = (half: 0 | 1) =>
    cases.map((counts, index) => aCaseStats({ id: `case.${index}`, scored, passed: counts[half] }))
  return { first: arm(0), second: arm(1) }
}

function ratioOf(arms: TwoArms, seed = 1): ReturnType<typeof changeRatioOf> {
  const roll = dice(seed)
  return changeRatioOf(arms, () => roll(1_000_000) / 1_000_000)
}

function repeated(counts: Counts, times: number): readonly Counts[] {
  return Array.from({ length: times }, () => counts)
}

it('is far above 1, and no luck, where halves are all one thing or the other', () => {
  const found = ratioOf(halves([...repeated([5, 0], 6), ...repeated([0, 5], 6)]))
  // Σd² = 12; the variance of a case is 10/9 · ¼ · 2/5.
  expect(found?.value).toBeCloseTo(12 / (12 * (10 / 9) * 0.25 * 0.4), 9)
  expect(found?.p).toBe(0.001)
})

it('is luck where one noisy case has it', () => {
  const found = ratioOf(halves([[4, 1], ...repeated([5, 5], 20)]))
  expect(found?.value).toBeGreaterThan(1.5)
  // Fisher: 4 or more of 5 to one side in 52 of 252 deals.
  expect(found?.p).toBeGreaterThan(0.17)
  expect(found?.p).toBeLessThan(0.25)
})

describe('over many unchanged suites', () => {
  it('is as rarely suspicious as its p says', () => {
    const roll = dice(77)
    const passed = (share: number) =>
      Array.from({ length: 5 }, () => roll(100) < share).filter(Boolean).length
    const suites = Array.from({ length: 60 }, (_, seed) => {
      const cases = Array.from({ length: 20 }, (__, index): Counts => {
        const share = [95, 70, 40][index % 3] ?? 0
        return [passed(share), passed(share)]
      })
      return ratioOf(halves(cases), seed)?.p ?? 1
    })
    const mean = suites.reduce((sum, p) => sum + p, 0) / suites.length
    // Uniform: 0.5 with a standard error of 0.037.
    expect(mean).toBeGreaterThan(0.38)
    expect(mean).toBeLessThan(0.62)
  })
})

it('is nothing where no case has both outcomes', () => {
  expect(ratioOf(halves([...repeated([5, 5], 4), ...repeated([0, 0], 2)]))).toBeUndefined()
  expect(ratioOf(halves([]))).toBeUndefined()
})

it('leaves out cases without a scored trial in a half', () => {
  const arms = halves([
    [4, 1],
    [3, 3],
  ])
  const [first] = halves([[0, 0]], 0).first
  if (first === undefined) throw new Error('there is a case')
  const other = aCaseStats({ id: first.id, passed: 3 })
  const more = { first: [...arms.first, first], second: [...arms.second, other] }
  expect(ratioOf(more)).toEqual(ratioOf(arms))
})
