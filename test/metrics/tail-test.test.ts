import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TailCase } from '../../src/metrics/tail-exceedances.ts'
import {
  type JudgedTail,
  type TailTest,
  tailTest,
  tailTrialsNeeded,
} from '../../src/metrics/tail-test.ts'
import { dice } from './random.ts'
import { seededTails, slowed, tailsSwapped } from './tails.ts'
import { describeVectors, expectClose } from './vectors.ts'

const p95 = { share: 0.95, alpha: 0.05, margin: 1.25 }

function judged(test: TailTest | undefined): JudgedTail {
  if (test?.status !== 'judged') throw new Error(`not judged: ${JSON.stringify(test)}`)
  return test
}

const twentyTrials = { baselineTrials: 20, candidateTrials: 20 }
const hundredCases = { cases: 100, baselineTrials: 3, candidateTrials: 3 }

describe('verdicts', () => {
  it('finds a slower tail, beyond the margin', () => {
    const cases = slowed(seededTails(dice(26), { ...hundredCases, ...twentyTrials }), 1.6)
    const { p, pBeyondMargin, lower } = judged(tailTest(cases, p95))
    expect(p).toBeLessThan(0.001)
    expect(pBeyondMargin).toBeGreaterThan(0.05)
    expect(lower).toBeGreaterThan(1)
  })

  it('finds an unchanged tail within the margin when there are trials enough', () => {
    const many = { cases: 200, baselineTrials: 40, candidateTrials: 40 }
    const { p, pBeyondMargin, upper, lower } = judged(tailTest(seededTails(dice(26), many), p95))
    expect(p).toBeGreaterThan(0.05)
    expect(pBeyondMargin).toBeLessThan(0.05)
    expect(upper).toBeLessThan(1.25)
    expect(lower).toBeLessThan(1)
  })

  it('says where the tail begins and whose it is', () => {
    const cases = Array.from({ length: 100 }, (_, index) => ({
      baseline: [index < 2 ? 50 : 1],
      candidate: [index < 8 ? 60 : 2],
    }))
    const { trials, cases: used, threshold, ...tail } = judged(tailTest(cases, p95))
    expect([trials, used]).toEqual([200, 100])
    expectClose(threshold, 2 + 0.05 * 48, 1e-9)
    expect(tail).toMatchObject({
      baseline: 1,
      candidate: 60,
      baselineTail: { events: 2, trials: 100 },
      candidateTail: { events: 8, trials: 100 },
    })
    // Cases 3 to 8 differ, all to the candidate's disadvantage.
    expect([tail.p, tail.smallestP]).toEqual([1 / 64, 1 / 64])
  })

  it('has no margin to test without one', () => {
    const test = judged(tailTest(seededTails(dice(23), hundredCases), { share: 0.95, alpha: 0.05 }))
    expect(test).not.toHaveProperty('pBeyondMargin')
  })
})

describe('too little to judge', () => {
  it.each([
    [0.9, 100],
    [0.95, 200],
    [0.99, 1000],
    [0.999, 10_000],
  ])('the slowest beyond %f take %d trials', (share, trials) => {
    expect(tailTrialsNeeded(share)).toBe(trials)
  })

  it('gives the level of each arm all the same', () => {
    const cases = Array.from({ length: 99 }, (_, index) => ({
      baseline: [index],
      candidate: [2 * index],
    }))
    const almost = tailTest(cases, p95)
    expect(almost).toEqual({
      status: 'not-judged',
      baseline: 0.95 * 98,
      candidate: 2 * 0.95 * 98,
      trials: 198,
      cases: 99,
      trialsNeeded: 200,
    })
    expect(tailTest([...cases, { baseline: [1], candidate: [1] }], p95)?.status).toBe('judged')
  })

  it('counts only trials of cases that both arms have', () => {
    const cases = seededTails(dice(24), hundredCases)
    const lost = cases.map((one, index) => (index < 70 ? { ...one, candidate: [] } : one))
    expect(tailTest(lost, p95)).toMatchObject({ status: 'not-judged', trials: 180, cases: 30 })
  })

  it('has nothing to say about no cases', () => {
    expect(tailTest([], p95)).toBeUndefined()
    expect(tailTest([{ baseline: [1], candidate: [] }], p95)).toBeUndefined()
  })
})

it('mirrors when the arms trade names, whatever the order of cases and trials', () => {
  const anySeed = fc.integer({ min: 0, max: 1e6 })
  fc.assert(
    fc.property(anySeed, fc.constantFrom(0.9, 0.95), (seed, share) => {
      const options = { share, alpha: 0.05 }
      const cases = seededTails(dice(seed), { cases: 40, baselineTrials: 4, candidateTrials: 2 })
      const there = judged(tailTest(cases, options))
      const back = judged(tailTest(tailsSwapped(cases).toReversed(), options))
      expect([back.baseline, back.candidate]).toEqual([there.candidate, there.baseline])
      expect([back.baselineTail, back.candidateTail]).toEqual([
        there.candidateTail,
        there.baselineTail,
      ])
      expectClose(back.ratio! * there.ratio!, 1, 1e-9)
      // Both p count the observed outcome itself, so together they are above 1.
      expect(back.p + there.p).toBeGreaterThan(1)
      const shuffled = cases.map(({ baseline, candidate }) => ({
        baseline: baseline.toReversed(),
        candidate: candidate.toReversed(),
      }))
      expect(tailTest(shuffled, options)).toEqual(there)
    }),
    { numRuns: 30 },
  )
})

it('holds for five hundred cases of two hundred trials', () => {
  const cases = seededTails(dice(25), { cases: 500, baselineTrials: 200, candidateTrials: 200 })
  const { p, ratio, lower, upper, trials } = judged(tailTest(slowed(cases, 1.1), p95))
  expect(trials).toBe(200_000)
  expect(p).toBeGreaterThan(0)
  expect(p).toBeLessThan(1e-6)
  expect([lower! <= ratio!, ratio! <= upper!, upper! / lower! < 1.1]).toEqual([true, true, true])
})

interface TailInputs {
  readonly baseline: readonly (readonly number[])[]
  readonly candidate: readonly (readonly number[])[]
  readonly q: number
  readonly margin_ratio: number
}

function pairedArms({ baseline, candidate }: TailInputs): readonly TailCase[] {
  return baseline.map((trials, index) => ({ baseline: trials, candidate: candidate[index]! }))
}

describeVectors('exact tail test', ({ inputs, expected, tolerance }) => {
  const known = expected as Record<'p95_baseline' | 'p95_candidate', number>
  const test = tailTest(pairedArms(inputs as TailInputs), {
    share: (inputs as TailInputs).q,
    alpha: 0.05,
  })
  // 180 trials: the vector has an answer that the gate would not rely on.
  expect(test).toMatchObject({ status: 'not-judged', trials: 180, trialsNeeded: 200 })
  expectClose(
    [test?.baseline, test?.candidate],
    [known.p95_baseline, known.p95_candidate],
    tolerance,
  )
})

describeVectors('tail non-inferiority', ({ inputs, expected, tolerance }) => {
  const { q, margin_ratio: margin } = inputs as TailInputs
  const test = judged(tailTest(pairedArms(inputs as TailInputs), { share: q, alpha: 0.05, margin }))
  expectClose(test.pBeyondMargin, (expected as { p_noninferior: number }).p_noninferior, tolerance)
  expect(test.upper).toBeLessThan(margin)
})
