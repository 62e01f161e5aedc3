import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { casesForPower, type PairedTPlan, pairedTPower } from '../../src/metrics/t-power.ts'
import { describeVectors, expectClose } from './vectors.ts'

const alpha = 0.05

function planFor(change: number): PairedTPlan {
  return { change, deviation: 1, alpha }
}

describe('pairedTPower', () => {
  // scipy 1.17: nct.sf(t.isf(0.05, n − 1), n − 1, change · √n)
  it.each([
    [2, 0.01, 0.0508875043091241],
    [2, 2, 0.34193338832890113],
    [3, 0.3, 0.10184644196329613],
    [5, 0.01, 0.05198500259179942],
    [5, 2, 0.9748305663597384],
    [20, 0.3, 0.36277964884642727],
    [1000, 0.01, 0.09195039464688101],
    [1000, 0.3, 0.9999999999999977],
  ])('of %d cases and %f deviations is that of the noncentral t', (cases, change, power) => {
    expectClose(pairedTPower(cases, planFor(change)), power, 1e-12)
  })

  it('is alpha when there is nothing to find', () => {
    for (const cases of [2, 7, 300]) expectClose(pairedTPower(cases, planFor(0)), alpha, 1e-12)
  })

  it('is certain, not more, for a million cases', () => {
    expect(pairedTPower(1_000_000, planFor(1))).toBe(1)
  })

  it('rises with the cases and with the change, falls with the noise, and is a probability', () => {
    const anyCases = fc.integer({ min: 2, max: 400 })
    const anyChange = fc.double({ min: 0.001, max: 3, noNaN: true })
    fc.assert(
      fc.property(anyCases, anyChange, (cases, change) => {
        const power = pairedTPower(cases, planFor(change))
        expect(power).toBeGreaterThan(alpha - 1e-12)
        expect(power).toBeLessThanOrEqual(1)
        const slack = 1e-12
        expect(pairedTPower(cases + 1, planFor(change))).toBeGreaterThan(power - slack)
        expect(pairedTPower(cases, planFor(change * 1.1))).toBeGreaterThan(power - slack)
        expect(pairedTPower(cases, { ...planFor(change), deviation: 1.1 })).toBeLessThan(
          power + slack,
        )
      }),
    )
  })
})

describe('casesForPower', () => {
  it('is the first number of cases that is enough', () => {
    const anyPlan = fc.record({
      change: fc.double({ min: 0.02, max: 4, noNaN: true }),
      deviation: fc.double({ min: 0.05, max: 2, noNaN: true }),
      alpha: fc.constantFrom(0.01, 0.025, 0.05),
    })
    fc.assert(
      fc.property(anyPlan, fc.constantFrom(0.5, 0.8, 0.95), (plan, power) => {
        const cases = casesForPower(plan, power)!
        expect(pairedTPower(cases, plan)).toBeGreaterThanOrEqual(power)
        if (cases > 2) expect(pairedTPower(cases - 1, plan)).toBeLessThan(power)
      }),
      { numRuns: 40 },
    )
  })

  it('is at least two, for there is no spread in one', () => {
    expect(casesForPower(planFor(1000))).toBe(2)
  })

  it('gives up where no suite would do', () => {
    expect(casesForPower(planFor(0))).toBeUndefined()
    expect(casesForPower(planFor(1e-9))).toBeUndefined()
  })
})

type PlanInputs = Record<'n' | 'delta' | 'sd' | 'alpha' | 'power', number>

describeVectors('power of a one-sided paired t', ({ inputs, expected, tolerance }) => {
  const { n, delta, sd, alpha: error } = inputs as PlanInputs
  const plan = { change: delta, deviation: sd, alpha: error }
  expectClose(pairedTPower(n, plan), expected as number, tolerance)
})

describeVectors('cases needed for 80% power', ({ inputs, expected, tolerance }) => {
  const { delta, sd, alpha: error, power } = inputs as PlanInputs
  const plan = { change: delta, deviation: sd, alpha: error }
  const needed = expected as number
  expect(casesForPower(plan, power)).toBe(Math.ceil(needed))
  expect(pairedTPower(needed - tolerance, plan)).toBeLessThan(power)
  expect(pairedTPower(needed + tolerance, plan)).toBeGreaterThan(power)
})
