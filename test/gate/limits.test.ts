import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkLimits, type LimitStanding } from '../../src/gate/limits.ts'
import type { CaseStats } from '../../src/schema/case-stats.ts'
import { aCaseStats, attackedStats } from '../builders/case-stats.ts'
import { aGate } from './arms.ts'

type Limits = NonNullable<NonNullable<Parameters<typeof aGate>[0]>['limits']>

function standings(
  cases: readonly CaseStats[],
  limits: Limits,
  alpha = 0.05,
): readonly LimitStanding[] {
  return checkLimits(cases, aGate({ limits, alpha }))
}

/** The standing of the only limit. */
function standing(
  cases: readonly CaseStats[],
  limits: Limits,
  alpha?: number,
): LimitStanding | undefined {
  const all = standings(cases, limits, alpha)
  expect(all).toHaveLength(1)
  return all[0]
}

function statusOf(
  cases: readonly CaseStats[],
  limits: Limits,
  alpha?: number,
): LimitStanding['status'] | undefined {
  return standing(cases, limits, alpha)?.status
}

/** One case of 100 trials, of which so many passed. */
const passed = (count: number): CaseStats => aCaseStats({ scored: 100, passed: count })

describe('a limit of a rate', () => {
  // One-sided Clopper-Pearson at 5 %, by scipy: 84 of 100 is 0.7672 to 0.8970.
  it.each([
    [0.76, 'kept', 'tsr may be 0.7672 to 0.8970, the limit is at least 0.76', []],
    [0.77, 'open', 'tsr may be 0.7672 to 0.8970, the limit is at least 0.77', []],
    [0.89, 'open', 'tsr may be 0.7672 to 0.8970, the limit is at least 0.89', []],
    [0.9, 'missed', 'tsr is at most 0.8970, the limit is at least 0.9', ['refund.full']],
  ] as const)('of at least %d is %s by 84 of 100', (min, status, message, cases) => {
    expect(standing([passed(84)], { tsr: { min } })).toEqual({ status, message, cases })
  })

  // The same turned over: 16 of 100 is 0.1030 to 0.2328.
  it.each([
    [0.24, 'kept', 'violationRate may be 0.1030 to 0.2328, the limit is at most 0.24', []],
    [0.23, 'open', 'violationRate may be 0.1030 to 0.2328, the limit is at most 0.23', []],
    [0.1, 'missed', 'violationRate is at least 0.1030, the limit is at most 0.1', ['refund.full']],
  ] as const)('of at most %d is %s by 16 of 100', (max, status, message, cases) => {
    const violating = aCaseStats({ scored: 100, violationTrials: 16 })
    expect(standing([violating], { violationRate: { max } })).toEqual({ status, message, cases })
  })

  it('is kept where no event is seen as soon as as many trials as it takes are clean', () => {
    const clean = (scored: number): CaseStats => aCaseStats({ scored })
    const limits = { violationRate: { max: 0.05 } }
    expect(statusOf([clean(58)], limits)).toBe('open')
    expect(statusOf([clean(59)], limits)).toBe('kept')
  })

  it('of nothing or everything can be missed and not be proven, nor the other way round', () => {
    expect(statusOf([passed(100)], { tsr: { min: 1 } })).toBe('open')
    expect(statusOf([passed(99)], { tsr: { min: 1 } })).toBe('missed')
    expect(statusOf([passed(0)], { tsr: { min: 0 } })).toBe('kept')
  })

  it('goes by the error that the look may spend', () => {
    expect(statusOf([passed(84)], { tsr: { min: 0.9 } }, 0.0025)).toBe('open')
    expect(statusOf([passed(84)], { tsr: { min: 0.76 } }, 0.0025)).toBe('open')
  })

  it('is proven by as many trials as there are seeds', () => {
    const copies = aCaseStats({ scored: 100, passed: 84, seeds: 10 })
    expect(statusOf([copies], { tsr: { min: 0.9 } })).toBe('open')
    expect(statusOf([copies], { tsr: { min: 0.76 } })).toBe('open')
  })

  it('is of the cases that the metric covers', () => {
    const won = attackedStats({ scored: 100, passed: 0, attackSuccesses: 60 })
    const limits = { tsr: { min: 0.9 }, utilityUnderAttack: { min: 0.5 }, asr: { max: 0.5 } }
    expect(
      standings([won, passed(100)], limits).map(({ status, cases }) => [status, cases]),
    ).toEqual([
      ['kept', []],
      ['missed', ['injection.ticket']],
      ['missed', ['injection.ticket']],
    ])
  })

  it('names no cases where they are many', () => {
    const failed = Array.from({ length: 11 }, (_, index) =>
      aCaseStats({ id: `c${index}`, scored: 100, passed: 0 }),
    )
    expect(standing(failed, { tsr: { min: 0.9 } })?.cases).toEqual([])
    expect(standing(failed.slice(1), { tsr: { min: 0.9 } })?.cases).toHaveLength(10)
  })
})

describe('a limit of cost', () => {
  /** One case each, of ten trials that cost so much together. */
  const cost = (...sums: readonly number[]): LimitStanding | undefined =>
    standing(
      sums.map((sum, index) => aCaseStats({ id: `c${index}`, costUsd: { n: 10, sum } })),
      { costPerTask: { max_usd: 0.5 } },
    )

  it('goes by the bounds of the mean over cases', () => {
    // Means of 0.60, 0.62, 0.64: SE = 0.02/√3, t(2) at 95 % = 2.92: 0.62 ± 0.0337.
    expect(cost(6, 6.2, 6.4)).toEqual({
      status: 'missed',
      message: 'a task costs $0.620 on average and at least $0.586, the limit is $0.5',
      cases: ['c0', 'c1', 'c2'],
    })
    expect(cost(4.6, 4.8, 5)).toEqual({
      status: 'open',
      message: 'a task costs $0.480 on average and may cost up to $0.514, the limit is $0.5',
      cases: [],
    })
    expect(cost(4.4, 4.6, 4.8)).toEqual({
      status: 'kept',
      message: 'a task costs $0.460 on average, the limit is $0.5',
      cases: [],
    })
  })

  it('is open where too few cases show how far costs spread', () => {
    const open = {
      status: 'open',
      message: 'a task costs $0.100 on average, the limit is $0.5',
      cases: [],
    }
    expect(cost(1)).toEqual(open)
    expect(cost(1, 1, 1, 1)).toEqual(open)
    expect(cost(1, 1, 1, 1, 1)?.status).toBe('kept')
  })

  it('is kept by the limit itself', () => {
    expect(cost(5, 5, 5, 5, 5)?.status).toBe('kept')
  })
})

describe('a limit of what was not measured', () => {
  const unscored = [aCaseStats({ scored: 0 })]

  it.each<[string, readonly CaseStats[], Limits, string]>([
    ['no case', [], { tsr: { min: 0.9 } }, 'tsr has no trial, the limit is at least 0.9'],
    [
      'no scored trial',
      unscored,
      { tsr: { min: 0.9 } },
      'tsr has no trial, the limit is at least 0.9',
    ],
    [
      'no attack',
      [passed(100)],
      { asr: { max: 0.02 } },
      'asr has no trial, the limit is at most 0.02',
    ],
    [
      'no policy that judged',
      [aCaseStats({ judged: 0 })],
      { violationRate: { max: 0 } },
      'violationRate has no trial, the limit is at most 0',
    ],
    [
      'no known cost',
      [passed(100)],
      { costPerTask: { max_usd: 0.5 } },
      'no trial has a known cost, the limit is $0.5',
    ],
  ])('%s', (_, cases, limits, message) => {
    expect(standing(cases, limits)).toEqual({ status: 'unmeasured', message, cases: [] })
  })
})

it('is one standing for each limit that is set, in the order of the metrics', () => {
  expect(standings([passed(100)], {})).toEqual([])
  const all: Limits = {
    costPerTask: { max_usd: 1 },
    violationRate: { max: 1 },
    asr: { max: 1 },
    utilityUnderAttack: { min: 0 },
    tsr: { min: 0 },
  }
  expect(standings([passed(100)], all).map(({ message }) => message.split(' ')[0])).toEqual([
    'tsr',
    'utilityUnderAttack',
    'asr',
    'violationRate',
    'no',
  ])
})

describe('for any sample', () => {
  const counts = fc
    .integer({ min: 1, max: 300 })
    .chain((scored) => fc.tuple(fc.constant(scored), fc.integer({ min: 0, max: scored })))
  const share = fc.integer({ min: 0, max: 1000 }).map((thousandths) => thousandths / 1000)
  const order = ['kept', 'open', 'missed'] as const

  it('a harder limit never stands better', () => {
    fc.assert(
      fc.property(counts, share, share, ([scored, count], one, other) => {
        const cases = [aCaseStats({ scored, passed: count })]
        const rank = (min: number): number =>
          order.findIndex((status) => status === statusOf(cases, { tsr: { min } }))
        expect(rank(Math.max(one, other))).toBeGreaterThanOrEqual(rank(Math.min(one, other)))
      }),
    )
  })

  it('what was seen itself is never beyond a limit that is kept, nor inside one that is missed', () => {
    fc.assert(
      fc.property(counts, share, ([scored, count], min) => {
        const status = statusOf([aCaseStats({ scored, passed: count })], { tsr: { min } })
        expect(status).not.toBe(count / scored < min ? 'kept' : 'missed')
      }),
    )
  })
})
