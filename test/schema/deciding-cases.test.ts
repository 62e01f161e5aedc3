import { describe, expect, it } from 'vitest'
import { byStanding } from '../../src/schema/deciding-cases.ts'
import { aCaseStats } from '../builders/case-stats.ts'

type Changes = Parameters<typeof aCaseStats>[0]

function standing(...cases: readonly Changes[]) {
  const { deciding, idle, split } = byStanding(cases.map((one) => aCaseStats(one)))
  return { split, deciding: deciding.map(({ id }) => id), idle: idle.map(({ id }) => id) }
}

describe('byStanding', () => {
  it('sets drafts and quarantined cases aside', () => {
    expect(
      standing({ id: 'a' }, { id: 'b', status: 'draft' }, { id: 'c', status: 'quarantined' }),
    ).toEqual({ split: undefined, deciding: ['a'], idle: ['b', 'c'] })
  })

  it('lets a twin stand where its case stands', () => {
    expect(
      standing(
        { id: 'a' },
        { id: 'a~twin', twinOf: 'a' },
        { id: 'b', status: 'draft' },
        { id: 'b~twin', twinOf: 'b' },
      ),
    ).toMatchObject({ deciding: ['a', 'a~twin'], idle: ['b', 'b~twin'] })
  })

  it('decides on one split: the holdout, else the gate, else dev', () => {
    const [gate, dev] = [{ id: 'gate' }, { id: 'dev', split: 'dev' as const }]
    const holdout = { id: 'holdout', split: 'holdout' as const }
    expect(standing(gate, dev)).toEqual({ split: undefined, deciding: ['gate'], idle: ['dev'] })
    expect(standing(dev)).toEqual({ split: 'dev', deciding: ['dev'], idle: [] })
    expect(standing(holdout)).toEqual({ split: 'holdout', deciding: ['holdout'], idle: [] })
    expect(standing(gate, holdout)).toMatchObject({ split: 'holdout', idle: ['gate'] })
    expect(standing()).toEqual({ split: undefined, deciding: [], idle: [] })
  })
})
