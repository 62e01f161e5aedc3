import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CusumChart,
  selfStartingCusum,
  selfStartingPath,
} from '../../src/metrics/self-starting-cusum.ts'
import { type Dice, dice } from './random.ts'
import { describeVectors, expectClose } from './vectors.ts'

/** Ten quiet nights, then about three standard deviations less. */
const dropped = [
  0.742, 0.735, 0.751, 0.739, 0.744, 0.731, 0.748, 0.74, 0.737, 0.745, 0.722, 0.718, 0.725, 0.712,
  0.72, 0.709,
]

function scored({ nights }: CusumChart): readonly number[] {
  return nights.flatMap(({ score }, night) => (score === undefined ? [] : [night]))
}

describe('a drop', () => {
  it('is found on the fourth night, and dated', () => {
    expect(selfStartingCusum(dropped, 'lower').alarms).toEqual([{ night: 13, changedFrom: 10 }])
  })

  it('is good news where higher is worse', () => {
    expect(selfStartingCusum(dropped, 'higher').alarms).toEqual([])
  })

  it('starts the chart over: five nights of warm-up, a sum of 0, no older nights', () => {
    const again = [...dropped.slice(0, 14), ...dropped]
    const { nights, alarms } = selfStartingCusum(again, 'lower')
    expect(alarms).toEqual([
      { night: 13, changedFrom: 10 },
      { night: 27, changedFrom: 24 },
    ])
    expect(nights.slice(14)).toEqual(selfStartingCusum(dropped, 'lower').nights)
  })

  it('that lasts is not found twice: the new level becomes the usual one', () => {
    const after = dropped.slice(0, 10).map((value) => value - 0.03)
    const { alarms } = selfStartingCusum([...dropped.slice(0, 10), ...after, ...after], 'lower')
    expect(alarms).toEqual([{ night: 12, changedFrom: 10 }])
  })
})

describe('no chart', () => {
  it.each([0, 1, 5])('for %d nights', (count) => {
    const { nights, alarms } = selfStartingCusum(dropped.slice(0, count), 'lower')
    expect(nights).toEqual(Array.from({ length: count }, () => ({ sum: 0 })))
    expect(alarms).toEqual([])
  })

  it('from the sixth night on there is one', () => {
    expect(scored(selfStartingCusum(dropped.slice(0, 6), 'lower'))).toEqual([5])
  })

  it('for a constant stream, not even in the night that differs', () => {
    const constant = Array.from({ length: 40 }, () => 1)
    expect(scored(selfStartingCusum(constant, 'lower'))).toEqual([])
    const { alarms, nights } = selfStartingCusum([...constant, 0.98, 1, 1, 0.9], 'lower')
    expect(alarms).toEqual([])
    expect(scored({ alarms, nights })).toEqual([])
  })

  it('for numbers that are equal but for the way they were computed', () => {
    const almost = Array.from({ length: 20 }, (_, night) => 0.3 + (night % 3) * 4e-17 * night)
    expect(new Set(almost).size).toBeGreaterThan(1)
    expect(scored(selfStartingCusum(almost, 'lower'))).toEqual([])
    const computed = Array.from({ length: 20 }, (_, night) => 0.3 + night * 1e-16)
    expect(scored(selfStartingCusum(computed, 'lower'))).toEqual([])
  })

  it('in a night without the number, which changes no other night', () => {
    const gaps = dropped.flatMap((value) => [undefined, value, Number.NaN])
    const { nights, alarms } = selfStartingCusum(gaps, 'lower')
    const whole = selfStartingCusum(dropped, 'lower')
    expect(nights.filter((_, night) => night % 3 === 1)).toEqual(whole.nights)
    expect(scored({ nights, alarms })).toEqual(scored(whole).map((night) => 3 * night + 1))
    expect(alarms.map(({ night }) => night)).toEqual([3 * 13 + 1])
  })
})

const anyStream = fc.array(
  fc.oneof(
    fc.constantFrom(undefined, 0, 1),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double(),
  ),
  { maxLength: 60 },
)

describe('any stream', () => {
  it('gives finite numbers, one night each, and alarms in order', () => {
    fc.assert(
      fc.property(anyStream, fc.constantFrom('lower', 'higher'), (values, worse) => {
        const { nights, alarms } = selfStartingCusum(values, worse)
        expect(nights).toHaveLength(values.length)
        for (const { score = 0, sum } of nights) {
          expect(score).toSatisfy(Number.isFinite)
          expect(sum).toSatisfy(Number.isFinite)
          expect(sum).toBeGreaterThanOrEqual(0)
        }
        let last = -1
        for (const { night, changedFrom } of alarms) {
          expect(changedFrom).toBeGreaterThan(last)
          expect(changedFrom).toBeLessThanOrEqual(night)
          expect(nights[night]?.sum).toBeGreaterThan(5)
          last = night
        }
      }),
      { numRuns: 500 },
    )
  })

  it('looks the other way when its signs are changed', () => {
    fc.assert(
      fc.property(anyStream, (values) => {
        const turned = values.map((value) => (value === undefined ? undefined : -value))
        expect(selfStartingCusum(turned, 'higher')).toEqual(selfStartingCusum(values, 'lower'))
      }),
    )
  })

  it('does not depend on unit and zero', () => {
    const level = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(fc.array(level, { minLength: 6, maxLength: 30 }), (values) => {
        // Whole hundredths: nothing may be near-constant in one unit and not in the other.
        const whole = values.map((value) => Math.round(value * 100))
        const moved = selfStartingCusum(
          whole.map((value) => 3 * value + 500),
          'lower',
        )
        const plain = selfStartingCusum(whole, 'lower')
        expect(moved.alarms).toEqual(plain.alarms)
        expectClose(
          moved.nights.map(({ sum }) => sum),
          plain.nights.map(({ sum }) => sum),
          1e-6,
        )
      }),
    )
  })

  it('does not change its past when a night is added', () => {
    fc.assert(
      fc.property(anyStream, (values) => {
        const before = selfStartingCusum(values.slice(0, -1), 'lower').nights
        expect(selfStartingCusum(values, 'lower').nights.slice(0, before.length)).toEqual(before)
      }),
    )
  })
})

/** Success rate of `trials` trials in each of 60 quiet nights. */
function quietNights(roll: Dice, { trials, rate }: { trials: number; rate: number }): number[] {
  return Array.from({ length: 60 }, () => {
    let passed = 0
    for (let i = 0; i < trials; i++) passed += roll(1e6) < rate * 1e6 ? 1 : 0
    return passed / trials
  })
}

it.each([
  [200, 0.74, 0.1],
  [50, 0.9, 0.12],
  // Without the rule for near-constant streams these alarm in 20 to 32 % of stretches.
  [50, 0.99, 0.02],
  [100, 0.999, 0.02],
])('is quiet in 60 quiet nights of %d trials at a rate of %d', (trials, rate, allowed) => {
  const roll = dice(11)
  const stretches = 300
  let alarmed = 0
  for (let i = 0; i < stretches; i++) {
    const { alarms } = selfStartingCusum(quietNights(roll, { trials, rate }), 'lower')
    if (alarms.length > 0) alarmed += 1
  }
  expect(alarmed / stretches).toBeLessThan(allowed)
})

describeVectors('self-starting CUSUM', ({ inputs, expected, tolerance }) => {
  const { x, warm } = inputs as { x: readonly number[]; warm: number }
  const known = expected as { u: number[]; path: number[]; first_alarm: number }
  const { scores, sums } = selfStartingPath(x)
  expect(scores.slice(0, warm).every((score) => score === undefined)).toBe(true)
  expectClose(scores.slice(warm), known.u, tolerance)
  expectClose(sums, known.path, tolerance)
  const { alarms, nights } = selfStartingCusum(x, 'lower')
  expect(alarms[0]?.night).toBe(known.first_alarm - 1)
  expectClose(
    nights.slice(0, known.first_alarm).map(({ sum }) => sum),
    known.path.slice(0, known.first_alarm),
    tolerance,
  )
})
