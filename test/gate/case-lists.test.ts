import { describe, expect, it } from 'vitest'
import { caseLists } from '../../src/gate/case-lists.ts'
import { pairCases } from '../../src/gate/pair-cases.ts'
import { aCaseStats, attackedStats } from '../builders/case-stats.ts'

describe('the lists of cases', () => {
  it('are empty where there is nothing to compare with', () => {
    expect(caseLists(undefined, [])).toEqual({
      pairedCases: 0,
      cases: { moved: [], added: [], removed: [], changed: [] },
    })
  })

  it('tell of every case without a partner what is known of it', () => {
    const of = (id: string, passed: number, changes = {}): ReturnType<typeof aCaseStats> =>
      aCaseStats({ id, passed, ...changes })
    const paired = pairCases(
      [of('same', 5), of('gone', 4), of('aside', 3), of('edited', 2)],
      [of('same', 5), of('edited', 1, { definitionHash: 'x' }), of('fresh', 0)],
      { idle: new Set(['aside']) },
    )
    const aside = aCaseStats({ id: 'aside', passed: 0, status: 'quarantined' })
    expect(caseLists(paired, [aside])).toEqual({
      pairedCases: 1,
      cases: {
        moved: [],
        added: ['fresh'],
        removed: ['gone'],
        changed: ['edited'],
        suspended: ['aside'],
        idle: [{ id: 'aside', why: 'quarantined', passed: 0, scored: 5 }],
        unpaired: [
          { id: 'gone', why: 'removed', baseline: { passed: 4, scored: 5 } },
          { id: 'aside', why: 'suspended', baseline: { passed: 3, scored: 5 } },
          {
            id: 'edited',
            why: 'changed',
            baseline: { passed: 2, scored: 5 },
            candidate: { passed: 1, scored: 5 },
          },
          { id: 'fresh', why: 'added', candidate: { passed: 0, scored: 5 } },
        ],
      },
    })
  })

  it('tell what was done under attack, and which rules were broken', () => {
    const before = attackedStats({ passed: 4 })
    const after = attackedStats({ definitionHash: 'x', attackSuccesses: 5, violationTrials: 2 })
    const { unpaired } = caseLists(pairCases([before], [after]), []).cases
    expect(unpaired).toEqual([
      {
        id: 'injection.ticket',
        why: 'changed',
        baseline: { passed: 4, scored: 5 },
        candidate: { passed: 5, scored: 5, attackSuccesses: 5, violationTrials: 2 },
      },
    ])
  })

  it('name what ran beside, without twins', () => {
    const idle = [
      aCaseStats({ id: 'd', status: 'draft' }),
      aCaseStats({ id: 'v', split: 'dev', scored: 2, passed: 1 }),
      aCaseStats({ id: 'd~twin', twinOf: 'd', status: 'draft' }),
    ]
    expect(caseLists(undefined, idle).cases.idle).toEqual([
      { id: 'd', why: 'draft', passed: 5, scored: 5 },
      { id: 'v', why: 'dev', passed: 1, scored: 2 },
    ])
  })
})
