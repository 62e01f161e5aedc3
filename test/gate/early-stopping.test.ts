import { describe, expect, it } from 'vitest'
import { keepGoing } from '../../src/gate/keep-going.ts'
import type { CaseStats } from '../../src/schema/case-stats.ts'
import type { Verdict } from '../../src/schema/verdict.ts'
import { aCaseStats } from '../builders/case-stats.ts'
import { type Dice, dice } from '../metrics/random.ts'
import { decided } from './arms.ts'

const rounds = 4
const suites = 220
/** Passes of a hundred: half of the cases are easy, most others flaky, some hard. */
const passRates = [99, 97, 95, 92, 98, 96, 94, 90, 70, 60, 50, 75, 65, 80, 15, 30]

type Outcomes = readonly (readonly boolean[])[]

function draw(roll: Dice): Outcomes {
  return passRates.map((rate) => Array.from({ length: rounds }, () => roll(100) < rate))
}

/** The first trials of each case, as one arm. */
function firstTrials(outcomes: Outcomes, scored: number): readonly CaseStats[] {
  return outcomes.map((trials, index) =>
    aCaseStats({
      id: `case.${String(index).padStart(2, '0')}`,
      scored,
      passed: trials.slice(0, scored).filter(Boolean).length,
    }),
  )
}

interface Ended {
  readonly verdict: Verdict
  readonly rounds: number
}

/** One unchanged agent, measured twice; `isSpent`: each look knows that there are others. */
function runToItsEnd(roll: Dice, isSpent: boolean): Ended {
  const baseline = firstTrials(draw(roll), rounds)
  const outcomes = draw(roll)
  for (let round = 1; ; round++) {
    const sampling = {
      rounds: round,
      maxRounds: rounds,
      firstLook: 1,
      notReached: new Set<string>(),
    }
    const verdict = decided(
      { baseline, candidate: firstTrials(outcomes, round) },
      { gate: { metrics: ['tsr'], margins: { tsr: 0.1 } }, ...(isSpent && { sampling }) },
    )
    if (round === rounds || !keepGoing(verdict)) return { verdict, rounds: round }
  }
}

function simulate(isSpent: boolean): { readonly alarms: number; readonly meanRounds: number } {
  const roll = dice(2026)
  const ended = Array.from({ length: suites }, () => runToItsEnd(roll, isSpent))
  return {
    alarms: ended.filter(({ verdict }) => verdict.status === 'regression').length / suites,
    meanRounds: ended.reduce((sum, one) => sum + one.rounds, 0) / suites,
  }
}

describe('a run that may end early', () => {
  it('calls an unchanged agent a regression no more often than alpha allows', () => {
    const spent = simulate(true)
    const peeking = simulate(false)
    expect(spent.alarms).toBeLessThanOrEqual(0.05)
    // On the same draws: looks that each spend the whole budget alarm more often, and end sooner.
    expect(peeking.alarms).toBeGreaterThan(spent.alarms)
    expect(spent.meanRounds).toBeLessThan(rounds)
    expect(peeking.meanRounds).toBeLessThan(spent.meanRounds)
  })
})
