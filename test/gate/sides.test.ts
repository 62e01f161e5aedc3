import { describe, expect, it } from 'vitest'
import type { GateInput } from '../../src/gate/gate-input.ts'
import type { SamplingState } from '../../src/gate/sampling-state.ts'
import { type Sides, sidesOf } from '../../src/gate/sides.ts'
import type { CaseStats } from '../../src/schema/case-stats.ts'
import { aCaseStats } from '../builders/case-stats.ts'
import { aGate, anArm, today, twice } from './arms.ts'

function sides(
  candidate: readonly CaseStats[],
  baseline?: readonly CaseStats[],
  changes: Partial<GateInput> = {},
): Sides {
  return sidesOf({
    candidate: anArm(candidate),
    ...(baseline !== undefined && { baseline: { arm: anArm(baseline), from: 'b' } }),
    gate: aGate(),
    today,
    ...changes,
  })
}

const ids = (cases: readonly CaseStats[]): readonly string[] => cases.map((one) => one.id)
const { baseline: three } = twice(3)
const dev = (id: string): CaseStats => aCaseStats({ id, split: 'dev' })

describe('the candidate', () => {
  it('stands in the order of its ids, without what only ran', () => {
    const draft = aCaseStats({ id: 'a.draft', status: 'draft' })
    const { candidate, idle, paired, split } = sides([...three, draft].toReversed())
    expect(ids(candidate)).toEqual(['case.000', 'case.001', 'case.002'])
    expect([ids(idle), split, paired]).toEqual([['a.draft'], undefined, undefined])
  })

  it('lacks the cases that time ran out for, and no others', () => {
    const none = { scored: 0, passed: 0, judged: 0, trajectories: 0, seeds: 0 }
    const sampling: SamplingState = {
      rounds: 0,
      maxRounds: 3,
      firstLook: 1,
      stopped: 'time',
      notReached: new Set(['case.001', 'case.002']),
    }
    const bare = three.map((one) => (one.id === 'case.000' ? one : aCaseStats({ ...one, ...none })))
    const late = sides(bare, three, { sampling })
    expect(ids(late.candidate)).toEqual(['case.000'])
    expect(late.paired).toMatchObject({ added: [], removed: [], notAsked: 2 })
    // Whatever somebody claims, a trial that ran is not forgotten.
    const invalid = bare.map((one) =>
      one.id === 'case.001' ? aCaseStats({ ...one, invalid: 1 }) : one,
    )
    expect(ids(sides(invalid, three, { sampling }).candidate)).toEqual(['case.000', 'case.001'])
  })
})

describe('the baseline', () => {
  it('is compared in the same split', () => {
    const both = [...three, dev('dev.one')]
    expect(sides(three, both).paired?.removed).toEqual([])
    expect(sides([dev('dev.one')], both).paired).toMatchObject({ removed: [], notAsked: 0 })
    expect(
      ids(sides([dev('dev.one')], both).paired?.pairs.map((pair) => pair.baseline) ?? []),
    ).toEqual(['dev.one'])
  })

  it('may have nothing of the split', () => {
    const alone = sides([dev('dev.one')], three)
    expect(alone).toMatchObject({
      paired: undefined,
      warnings: ['the baseline has no case of the dev split'],
    })
  })

  it('may hold drafts, which never gated', () => {
    const draft = aCaseStats({ id: 'case.003', status: 'draft' })
    expect(sides(three, [...three, draft]).paired?.removed).toEqual([])
  })

  it('knows which of its cases only ran this time', () => {
    const quarantined = three.map((one, index) =>
      index === 0 ? aCaseStats({ ...one, status: 'quarantined' }) : one,
    )
    expect(sides(quarantined, three).paired).toMatchObject({
      suspended: ['case.000'],
      removed: [],
    })
  })
})

describe('a run of new cases only', () => {
  const fresh = aCaseStats({ id: 'new.one' })
  const all = new Set(ids(three))

  it('is a first run where the set still has all others', () => {
    expect(sides([fresh], three, { notSelected: all })).toMatchObject({
      paired: undefined,
      warnings: ['none of the cases asked for is in the baseline: a first run'],
    })
  })

  it.each<[string, readonly CaseStats[], ReadonlySet<string>]>([
    ['nothing was left out', [fresh], new Set()],
    ['a case is gone', [fresh], new Set(ids(three).slice(1))],
    ['a case is compared', [fresh, three[0]!], new Set(ids(three).slice(1))],
    [
      'a case changed',
      [fresh, { ...three[0]!, definitionHash: 'x' }],
      new Set(ids(three).slice(1)),
    ],
    [
      'a case was set aside',
      [fresh, { ...three[0]!, status: 'draft' }],
      new Set(ids(three).slice(1)),
    ],
    ['nothing is new', [], all],
  ])('is none where %s', (_, candidate, notSelected) => {
    const { paired, warnings } = sides(candidate, three, { notSelected })
    expect(paired).toBeDefined()
    expect(warnings).toEqual([])
  })
})
