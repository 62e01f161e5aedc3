import { describe, expect, it } from 'vitest'
import { samplingOfArms, samplingOfRun } from '../../src/gate/sampling-of-run.ts'
import type { SamplingState } from '../../src/gate/sampling-state.ts'
import { aCaseStats } from '../builders/case-stats.ts'

const untried = { scored: 0, passed: 0, judged: 0, seeds: 0, trajectories: 0 }
const cases = [
  aCaseStats({ id: 'tried' }),
  aCaseStats({ id: 'late', ...untried }),
  aCaseStats({ id: 'late~twin', twinOf: 'late', ...untried }),
  aCaseStats({ id: 'idea', status: 'draft', ...untried }),
  aCaseStats({ id: 'lost', ...untried, invalid: 1 }),
]
const plan = { maxTrials: 5, firstLook: 2 }

describe('samplingOfRun', () => {
  it('is nothing for a run that is looked at once', () => {
    expect(samplingOfRun({}, cases)).toBeUndefined()
  })

  it('counts all rounds of a run that went to its end', () => {
    expect(samplingOfRun({ sampling: plan }, cases)).toEqual({
      rounds: 5,
      maxRounds: 5,
      firstLook: 2,
      notReached: new Set(),
    })
  })

  it('tells the cases that time did not reach, of those that count', () => {
    const sampling = { ...plan, stopped: { why: 'time', rounds: 0 } } as const
    expect(samplingOfRun({ sampling }, cases)).toEqual({
      rounds: 0,
      maxRounds: 5,
      firstLook: 2,
      stopped: 'time',
      notReached: new Set(['late']),
    })
  })

  it('misses no case in a run that had decided', () => {
    const sampling = { ...plan, stopped: { why: 'decided', rounds: 3 } } as const
    expect(samplingOfRun({ sampling }, cases)).toMatchObject({
      rounds: 3,
      stopped: 'decided',
      notReached: new Set(),
    })
  })
})

describe('samplingOfArms', () => {
  const cut = (rounds: number, ...notReached: string[]): SamplingState => ({
    rounds,
    maxRounds: 5,
    firstLook: 5,
    stopped: 'time',
    notReached: new Set(notReached),
  })

  it('is nothing where both arms are whole', () => {
    expect(samplingOfArms([undefined, undefined])).toBeUndefined()
  })

  it('is that of the arm that time cut', () => {
    expect(samplingOfArms([undefined, cut(2, 'a')])).toEqual(cut(2, 'a'))
    expect(samplingOfArms([cut(2, 'a'), undefined])).toEqual(cut(2, 'a'))
  })

  it('goes no farther than the shorter arm and misses what either misses', () => {
    expect(samplingOfArms([cut(2, 'a'), cut(1, 'b')])).toEqual(cut(1, 'a', 'b'))
  })
})
