import { describe, expect, it } from 'vitest'
import { missingEvidence } from '../../src/gate/missing-evidence.ts'
import { pairCases } from '../../src/gate/pair-cases.ts'
import { aCaseStats } from '../builders/case-stats.ts'
import {
  baselineWith,
  candidateWith,
  decided,
  decidedAlone,
  passing,
  type Sides,
  times,
  together,
  twice,
} from './arms.ts'

function missingIn({ baseline, candidate }: Sides): readonly string[] {
  return missingEvidence(candidate, pairCases(baseline, candidate))
}

/** One trial of a case got lost. */
const oneLost = { scored: 4, passed: 4, invalid: 1 }
const allLost = { scored: 0, passed: 0, invalid: 5 }

describe('lost trials', () => {
  it('may be one in twenty', () => {
    const sides = baselineWith(candidateWith(twice(20), 5, oneLost), 5, oneLost)
    expect(missingIn(sides)).toEqual([])
  })

  it('may not be more in the candidate', () => {
    const sides = baselineWith(candidateWith(twice(20), 6, oneLost), 5, oneLost)
    expect(missingIn(sides)).toEqual(['6 of 100 trials of the candidate have no result'])
    expect(decided(sides)).toMatchObject({ status: 'error', exitCode: 4 })
  })

  it('may not be more in the baseline', () => {
    const sides = baselineWith(candidateWith(twice(20), 5, oneLost), 6, oneLost)
    expect(missingIn(sides)).toEqual(['6 of 100 trials of the baseline have no result'])
  })

  it('count alike whether the surroundings failed or the trial was cut off', () => {
    const cut = { scored: 4, passed: 4, incomplete: 1 }
    const sides = baselineWith(candidateWith(twice(20), 6, cut), 5, cut)
    expect(missingIn(sides)).toEqual(['6 of 100 trials of the candidate have no result'])
  })

  it('may not differ between the arms', () => {
    // 0 and 6 of 200: Fisher's exact test, two-sided, gives p = 0.030; 0 and 5 give 0.061.
    expect(missingIn(candidateWith(twice(40), 6, oneLost))).toEqual([
      'trials without a result differ between the arms: 0 and 6',
    ])
    expect(missingIn(candidateWith(twice(40), 5, oneLost))).toEqual([])
    expect(missingIn(baselineWith(twice(40), 6, oneLost))).toEqual([
      'trials without a result differ between the arms: 6 and 0',
    ])
  })

  it('are counted on a first run too', () => {
    const cases = twice(20).candidate.map((one, index) =>
      index < 6 ? aCaseStats({ ...one, ...oneLost }) : one,
    )
    expect(decidedAlone(cases).missingEvidence).toEqual([
      '6 of 100 trials of the candidate have no result',
    ])
  })

  it('say what they could hide', () => {
    const verdict = decided(candidateWith(twice(40), 5, oneLost), { gate: { metrics: ['tsr'] } })
    // 5 of 40 cases with one of five trials unknown: −0.2 × 5/40 at worst.
    expect(verdict.metrics[0]).toMatchObject({ change: 0, worstLower: -0.025, worstUpper: 0 })
  })
})

describe('lost cases', () => {
  it('may be one in ten', () => {
    const { baseline, candidate } = twice(20)
    expect(missingIn({ baseline, candidate: candidate.slice(2) })).toEqual([])
    expect(decided({ baseline, candidate: candidate.slice(2) }).status).toBe('pass')
  })

  it('may not be more', () => {
    const { baseline, candidate } = twice(20)
    const verdict = decided({ baseline, candidate: candidate.slice(3) })
    expect(verdict.missingEvidence).toEqual([
      "3 of the baseline's 20 cases have no trial in the candidate",
    ])
    expect(verdict.status).toBe('error')
  })

  it('may also be there without a trial', () => {
    const empty = { scored: 0, passed: 0 }
    const { baseline, candidate } = candidateWith(twice(20), 2, empty)
    expect(missingIn({ baseline, candidate })).toEqual([])
    expect(missingIn({ baseline, candidate: candidate.slice(0, -1) })).toEqual([
      "3 of the baseline's 20 cases have no trial in the candidate",
    ])
  })

  it('are not those that the baseline could not try either', () => {
    const empty = { scored: 0, passed: 0 }
    const sides = baselineWith(candidateWith(twice(20), 5, empty), 5, empty)
    expect(missingIn(sides)).toEqual([])
  })

  it('are not made up for by new ones, nor are changed ones lost', () => {
    const { baseline, candidate } = twice(20)
    const fresh = times(100, 0).map((_, index) => aCaseStats({ id: `new.${index}` }))
    expect(missingIn({ baseline, candidate: [...candidate.slice(3), ...fresh] })).toHaveLength(1)
    const edited = candidate.map((one, index) =>
      index < 10 ? { ...one, definitionHash: 'edited' } : one,
    )
    expect(missingIn({ baseline, candidate: edited })).toEqual([])
    // Two of twenty are gone, and ten of those left have changed.
    expect(missingIn({ baseline, candidate: edited.slice(0, -2) })).toEqual([])
  })
})

describe('nothing at all', () => {
  it('is an error in the candidate', () => {
    for (const candidate of [[], candidateWith(twice(3), 3, allLost).candidate]) {
      const verdict = decided({ baseline: twice(3).baseline, candidate })
      expect(verdict.missingEvidence).toEqual(['no trial of the candidate was scored'])
      expect(verdict).toMatchObject({ status: 'error', exitCode: 4 })
    }
  })

  it('is an error in the baseline', () => {
    const empty = baselineWith(twice(20), 20, { scored: 0, passed: 0 })
    expect(missingIn(empty)).toEqual(['no trial of the baseline was scored'])
    expect(missingIn({ baseline: [], candidate: twice(3).candidate })).toEqual([
      'no case can be compared with the baseline',
    ])
  })

  it('is an error when every case has changed', () => {
    const { baseline, candidate } = twice(20)
    const edited = candidate.map((one) => ({ ...one, definitionHash: 'edited' }))
    expect(decided({ baseline, candidate: edited })).toMatchObject({
      status: 'error',
      missingEvidence: [
        'no case can be compared with the baseline: the case, its world or the judging policy changed in 20',
      ],
    })
    expect(missingIn({ baseline, candidate: edited.slice(0, -2) })).toEqual([
      'no case can be compared with the baseline: the case, its world or the judging policy changed in 18, 2 are gone',
    ])
  })

  it('is no error where twins are all that was lost', () => {
    const twins = candidateWith(twice(20, { twinOf: 'case' }), 20, allLost)
    const renamed = {
      baseline: twins.baseline.map((one) => ({ ...one, id: `${one.id}.twin` })),
      candidate: twins.candidate.map((one) => ({ ...one, id: `${one.id}.twin` })),
    }
    expect(missingIn(together(passing(times(5, [5, 5, 5, 5])), renamed))).toEqual([])
  })
})
