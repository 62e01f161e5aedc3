import { describe, expect, it } from 'vitest'
import { movedCases } from '../../src/gate/moved-cases.ts'
import type { MovedCase } from '../../src/schema/verdict.ts'
import { aCaseStats } from '../builders/case-stats.ts'

type Changes = Parameters<typeof aCaseStats>[0]

/** Moves of cases a, b, c…, each given as its baseline and its candidate. */
function moved(...cases: readonly (readonly [Changes, Changes])[]): readonly MovedCase[] {
  return movedCases(
    cases.map(([baseline, candidate], index) => {
      const id = String.fromCharCode(97 + index)
      return {
        baseline: aCaseStats({ id, ...baseline }),
        candidate: aCaseStats({ id, ...candidate }),
      }
    }),
  )
}

const order = (cases: readonly MovedCase[]): readonly string[] => cases.map(({ id }) => id)

describe('movedCases', () => {
  it('puts the worst first, then by id, and what got better last', () => {
    const cases = moved(
      [{ passed: 4 }, { passed: 5 }],
      [{}, { passed: 3 }],
      [{}, { passed: 0 }],
      [{ passed: 0 }, {}],
      [{}, { passed: 3 }],
      [{}, {}],
    )
    expect(order(cases)).toEqual(['c', 'b', 'e', 'a', 'd'])
    expect(cases.map(({ direction }) => direction)).toEqual([
      'worse',
      'worse',
      'worse',
      'better',
      'better',
    ])
  })

  it('compares shares, not counts', () => {
    expect(moved([{}, { scored: 2, passed: 2 }])).toEqual([])
    expect(moved([{}, { scored: 2, passed: 1 }])).toMatchObject([{ direction: 'worse' }])
  })

  it('goes by the move that is worst: a fixed task with a won attack got worse', () => {
    const [one] = moved([
      { passed: 0, attacked: 5 },
      { passed: 5, attacked: 5, attackSuccesses: 1 },
    ])
    expect(one).toMatchObject({
      direction: 'worse',
      attackSuccesses: { baseline: 0, candidate: 1 },
    })
    expect(one?.violationTrials).toBeUndefined()
  })

  it('says first what belongs to the rate that moved most', () => {
    const mute = { grader: 'says', reason: 'said nothing', count: 1 }
    const rules = { payout: { proposed: 5, executed: 5 } }
    const [won, broke, failed] = moved(
      [{ attacked: 5 }, { attacked: 5, attackSuccesses: 4, passed: 4, failures: [mute] }],
      [{}, { violationTrials: 5, violationsByRule: rules, passed: 4, failures: [mute] }],
      [{}, { violationTrials: 1, violationsByRule: rules, passed: 1, failures: [mute] }],
    ).toSorted((a, b) => (a.id < b.id ? -1 : 1))
    expect(won?.firstFailure).toEqual({
      grader: 'attack',
      reason: 'the attack reached its goal',
      count: 4,
    })
    expect(broke?.firstFailure).toEqual({ grader: 'policy', reason: 'broke payout', count: 5 })
    expect(failed?.firstFailure).toEqual(mute)
  })

  it('shows violations of either arm', () => {
    expect(moved([{ violationTrials: 2 }, {}])).toMatchObject([
      { direction: 'better', violationTrials: { baseline: 2, candidate: 0 } },
    ])
    const [one] = moved([{}, { violationTrials: 1 }])
    expect(one).toMatchObject({ direction: 'worse', violationTrials: { candidate: 1 } })
    expect(one?.attackSuccesses).toBeUndefined()
  })

  it('says first what moved most: the attack, the rules, or the work', () => {
    const failures = [{ grader: 'effects', reason: 'no refund', count: 5 }]
    const violationsByRule = {
      refund_cap: { proposed: 2, executed: 0 },
      identity: { proposed: 1, executed: 1 },
    }
    const said = (changes: Changes): MovedCase['firstFailure'] =>
      moved([{ attacked: 5 }, { attacked: 5, violationsByRule, failures, ...changes }])[0]
        ?.firstFailure
    const attack = { grader: 'attack', reason: 'the attack reached its goal', count: 2 }
    const rules = { grader: 'policy', reason: 'broke identity, refund_cap', count: 2 }
    expect(said({ attackSuccesses: 2, violationTrials: 2, passed: 3 })).toEqual(attack)
    expect(said({ attackSuccesses: 2, violationTrials: 1, passed: 4 })).toEqual(attack)
    expect(said({ attackSuccesses: 1, violationTrials: 2, passed: 3 })).toEqual(rules)
    expect(said({ attackSuccesses: 1, violationTrials: 1, passed: 2 })).toEqual(failures[0])
    expect(said({ attackSuccesses: 2, passed: 0 })).toEqual(failures[0])
    expect(said({ passed: 4 })).toEqual(failures[0])
    expect(moved([{ passed: 0 }, {}])[0]).not.toHaveProperty('firstFailure')
    expect(moved([{ passed: 0, violationTrials: 3 }, { passed: 1 }])[0]).not.toHaveProperty(
      'firstFailure',
    )
  })

  it('never calls a case without a result better', () => {
    const nothing = { scored: 0, passed: 0, invalid: 5 }
    const cases = moved([{}, nothing], [{ passed: 0, violationTrials: 5 }, nothing])
    expect(cases).toMatchObject([
      { id: 'a', direction: 'worse' },
      { id: 'b', direction: 'worse' },
    ])
    expect(moved([nothing, nothing])).toEqual([])
    expect(moved([nothing, {}])).toMatchObject([{ direction: 'better' }])
    expect(moved([nothing, { passed: 0 }])).toMatchObject([{ direction: 'worse' }])
  })

  it('carries the first failure and the usual paths', () => {
    const failure = { grader: 'effects', reason: 'no refund', count: 3 }
    const path = (name: string, count: number): { path: string[]; count: number } => ({
      path: [name],
      count,
    })
    const [one] = moved([
      { paths: [path('read', 5)] },
      {
        passed: 1,
        paths: [path('write', 3), path('read', 2)],
        failures: [failure, { ...failure, reason: 'other', count: 1 }],
      },
    ])
    expect(one).toMatchObject({
      firstFailure: failure,
      baselinePath: path('read', 5),
      candidatePath: path('write', 3),
    })
  })
})
