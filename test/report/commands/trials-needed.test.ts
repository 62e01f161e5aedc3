import { describe, expect, it } from 'vitest'
import { mostTrialsNeeded, trialsRemedy } from '../../../src/report/commands/trials-needed.ts'
import type { Verdict } from '../../../src/schema/verdict.ts'
import { aCaseResult } from '../../builders/result.ts'
import { aMetric, aVerdict } from '../../builders/verdict.ts'

const unproven = aMetric({
  id: 'asr',
  status: 'unproven',
  nCandidate: 10,
  trialsNeeded: { bothArms: 60, candidateOnly: 67 },
})

function open(changes: Partial<Verdict>): Verdict {
  return aVerdict({ status: 'inconclusive', metrics: [aMetric()], ...changes })
}

describe('what is unproven', () => {
  it('asks for trials where nothing else blocks', () => {
    const verdict = open({ metrics: [aMetric(), unproven] })
    expect(mostTrialsNeeded({ verdict, cases: [] })).toBe(67)
    expect(trialsRemedy({ verdict, cases: [] })).toBe('about 67 trials per case would settle it')
  })

  it('asks for its trials where it warns only and beside what is undecided, and for none after time was up', () => {
    const passed = aVerdict({ metrics: [unproven] })
    expect(mostTrialsNeeded({ verdict: passed, cases: [] })).toBe(67)
    const undecided = aMetric({ status: 'inconclusive', trialsNeeded: { candidateOnly: 9 } })
    const both = open({ metrics: [undecided, unproven] })
    expect(mostTrialsNeeded({ verdict: both, cases: [] })).toBe(67)
    const unknown = open({ metrics: [undecided, { ...unproven, trialsNeeded: undefined }] })
    expect(mostTrialsNeeded({ verdict: unknown, cases: [] })).toBe(9)
    const sampling = {
      rounds: 0,
      maxRounds: 5,
      alpha: 0.05,
      stopped: 'time',
      notReached: 3,
    } as const
    const late = open({ metrics: [unproven], sampling })
    expect(mostTrialsNeeded({ verdict: late, cases: [] })).toBeUndefined()
  })
})

it('says in words that nobody runs so many', () => {
  const metrics = [{ ...unproven, trialsNeeded: { bothArms: 1200, candidateOnly: 5000 } }]
  const words = 'that takes more than 1,000 trials per case: more cases help sooner'
  expect(trialsRemedy({ verdict: open({ metrics }), cases: [] })).toBe(words)
})

it('is no plan that asks for as few trials as each case had', () => {
  const metrics = [
    aMetric({
      id: 'asr',
      status: 'inconclusive',
      nCandidate: 10,
      trialsNeeded: { candidateOnly: 5 },
    }),
  ]
  const verdict = open({ metrics })
  expect(mostTrialsNeeded({ verdict, cases: [aCaseResult({ n: 5 })] })).toBeUndefined()
  expect(mostTrialsNeeded({ verdict, cases: [aCaseResult({ n: 4 })] })).toBe(5)
})

describe('a tier that is required', () => {
  const check = { id: 'tsr', limit: 0.95, n: 20 } as const
  const tier = (checks: readonly object[]): Partial<Verdict> => ({
    autonomy: {
      required: 1,
      tiers: [{ tier: 1, cases: 10, trials: 50, checks: [...checks] as never }],
    },
  })

  it('asks for its trials by how many a case had', () => {
    const verdict = open(tier([{ ...check, status: 'unproven', trialsNeeded: 59 }]))
    // 59 of 20, with 5 trials of each case.
    expect(mostTrialsNeeded({ verdict, cases: [] })).toBe(15)
  })

  it('asks for none where trials do not help, or nobody knows how many', () => {
    for (const status of ['missed', 'unknown', 'unproven'] as const) {
      const verdict = open(tier([{ ...check, status }]))
      expect(mostTrialsNeeded({ verdict, cases: [] })).toBeUndefined()
    }
    const unlucky = open(tier([{ ...check, n: 80, status: 'unproven', trialsNeeded: 59 }]))
    expect(mostTrialsNeeded({ verdict: unlucky, cases: [] })).toBeUndefined()
  })

  it('asks for none where it is earned', () => {
    const { autonomy } = tier([{ ...check, status: 'met' }])
    const verdict = open({ autonomy: { ...autonomy, earned: 1, tiers: autonomy?.tiers ?? [] } })
    expect(mostTrialsNeeded({ verdict, cases: [] })).toBeUndefined()
  })
})
