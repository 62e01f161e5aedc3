import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Deck,
  dealTrials,
  deckOf,
  exchangeHalves,
  splitByNumber,
} from '../../src/gate/split-arms.ts'
import { collectTrials } from '../../src/metrics/trial-rows.ts'
import type { PlannedCase } from '../../src/schema/run-manifest.ts'
import type { TrialLine } from '../../src/schema/trial.ts'
import { aTrialLine } from '../builders/trial-line.ts'
import { dice } from '../metrics/random.ts'

function deckFrom(lines: readonly TrialLine[], planned: readonly PlannedCase[]): Deck {
  const collector = collectTrials()
  for (const line of lines) collector.add(line)
  return deckOf({ planned, rows: collector.finish(), severeTier: 3 })
}

function aPlan(trials: number, id = 'refund.full', cluster = id): PlannedCase {
  return { id, layer: 'outcome', cluster, trials, definitionHash: 'abc' }
}

function trials(
  outcomes: readonly TrialLine['outcome'][],
  id = 'refund.full',
  cluster = id,
): TrialLine[] {
  return outcomes.map((outcome, index) =>
    aTrialLine({ case: id, cluster, trial: index + 1, outcome }),
  )
}

function randomFrom(seed: number): () => number {
  const roll = dice(seed)
  return () => roll(1_000_000) / 1_000_000
}

describe('splitByNumber', () => {
  it('puts the earlier trials against the later ones', () => {
    const lines = trials(['pass', 'pass', 'pass', 'fail', 'fail', 'fail'])
    const { first, second } = splitByNumber(deckFrom(lines.reverse(), [aPlan(6)]))
    expect(first).toMatchObject([{ id: 'refund.full', scored: 3, passed: 3, seeds: 3 }])
    expect(second).toMatchObject([{ id: 'refund.full', scored: 3, passed: 0, seeds: 3 }])
  })

  it('gives the odd one to the first half', () => {
    const { first, second } = splitByNumber(deckFrom(trials(['pass', 'pass', 'fail']), [aPlan(3)]))
    expect([first[0]?.scored, second[0]?.scored]).toEqual([2, 1])
  })

  it('knows trials by their number, from wherever they count', () => {
    const lines = [7, 8].map((trial) => aTrialLine({ trial }))
    const { first, second } = splitByNumber(deckFrom(lines, [aPlan(2)]))
    expect([first[0]?.scored, second[0]?.scored]).toEqual([1, 1])
  })

  it('keeps all attempts of a trial together', () => {
    const lines = [
      aTrialLine({ trial: 1, outcome: 'invalid', costUsd: 0.5 }),
      aTrialLine({ trial: 1, attempt: 2 }),
      aTrialLine({ trial: 2 }),
    ]
    const { first } = splitByNumber(deckFrom(lines, [aPlan(2)]))
    expect(first).toMatchObject([{ scored: 1, invalid: 0, costUsd: { n: 1, sum: 0.52 } }])
  })

  it('counts trials that were never finished where they would have been', () => {
    const lines = [1, 2, 4].map((trial) => aTrialLine({ trial }))
    const { first, second } = splitByNumber(deckFrom(lines, [aPlan(4)]))
    expect([first[0]?.incomplete, second[0]?.incomplete]).toEqual([0, 1])
  })

  it('keeps what the plan says of a case', () => {
    const plan = { ...aPlan(2), split: 'dev', tier: 3, slices: ['tag:vip'] } as const
    const planned = [{ ...plan, slices: [...plan.slices] }]
    const { first } = splitByNumber(deckFrom(trials(['pass', 'pass']), planned))
    expect(first).toMatchObject([{ split: 'dev', tier: 3, slices: ['tag:vip'] }])
  })
})

it('puts cases aside that have a single trial', () => {
  const lines = [...trials(['pass', 'pass']), ...trials(['pass'], 'refund.late')]
  const deck = deckFrom(lines, [aPlan(2), aPlan(1, 'refund.late')])
  expect(deck.cases.map(({ planned }) => planned.id)).toEqual(['refund.full'])
  expect(deck.leftOut).toBe(1)
})

const anyOutcomes = fc.array(fc.constantFrom('pass' as const, 'fail' as const), {
  minLength: 2,
  maxLength: 7,
})

describe('dealTrials', () => {
  it('deals every trial once, in halves of the same size, within its case', () => {
    fc.assert(
      fc.property(fc.array(anyOutcomes, { minLength: 1, maxLength: 4 }), fc.nat(), (all, seed) => {
        const ids = all.map((_, index) => `case.${index}`)
        const lines = all.flatMap((outcomes, index) => trials(outcomes, ids[index]))
        const planned = all.map(({ length }, index) => aPlan(length, ids[index]))
        const { first, second } = dealTrials(deckFrom(lines, planned), randomFrom(seed))
        all.forEach((outcomes, index) => {
          const [one, other] = [first[index], second[index]]
          expect(one?.scored).toBe(Math.ceil(outcomes.length / 2))
          expect(other?.scored).toBe(Math.floor(outcomes.length / 2))
          const passed = outcomes.filter((outcome) => outcome === 'pass').length
          expect((one?.passed ?? 0) + (other?.passed ?? 0)).toBe(passed)
        })
      }),
      { numRuns: 50 },
    )
  })

  it('gives every split of a case the same chance', () => {
    const deck = deckFrom(trials(['fail', 'fail', 'pass', 'pass']), [aPlan(4)])
    const random = randomFrom(5)
    const failed = Array.from({ length: 3000 }, () => {
      const [first] = dealTrials(deck, random).first
      return 2 - (first?.passed ?? 0)
    })
    // Hypergeometric: 1, 4 and 1 of 6; three standard errors are 2.6 points at most.
    expect(failed.filter((count) => count === 0).length / 3000).toBeCloseTo(1 / 6, 1)
    expect(failed.filter((count) => count === 1).length / 3000).toBeCloseTo(4 / 6, 1)
    expect(failed.filter((count) => count === 2).length / 3000).toBeCloseTo(1 / 6, 1)
  })
})

describe('exchangeHalves', () => {
  const lines = [
    ...trials(['pass', 'fail'], 'a.1', 'a'),
    ...trials(['pass', 'fail'], 'a.2', 'a'),
    ...trials(['pass', 'fail'], 'b.1', 'b'),
  ]
  const planned = [aPlan(2, 'a.1', 'a'), aPlan(2, 'a.2', 'a'), aPlan(2, 'b.1', 'b')]
  const halves = splitByNumber(deckFrom(lines, planned))

  it('lets whole clusters change sides, and nothing else', () => {
    const random = randomFrom(3)
    const seen = new Set<string>()
    for (let round = 0; round < 60; round += 1) {
      const { first, second } = exchangeHalves(halves, random)
      expect(first.map(({ id }) => id)).toEqual(['a.1', 'a.2', 'b.1'])
      expect(first.map(({ passed }, index) => passed + (second[index]?.passed ?? 0))).toEqual([
        1, 1, 1,
      ])
      seen.add(first.map(({ passed }) => passed).join(''))
    }
    expect([...seen].sort()).toEqual(['000', '001', '110', '111'])
  })
})
