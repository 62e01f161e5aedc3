import { describe, expect, it } from 'vitest'
import { pairCases } from '../../src/gate/pair-cases.ts'
import type { CaseStats } from '../../src/schema/case-stats.ts'
import { aCaseStats } from '../builders/case-stats.ts'

const named = (id: string, changes: Partial<CaseStats> = {}): CaseStats =>
  aCaseStats({ id, ...changes })

describe('pairCases', () => {
  it('pairs what has the same id and the same definition', () => {
    const [before, after] = [named('a', { passed: 1 }), named('a', { passed: 2 })]
    expect(pairCases([before], [after])).toMatchObject({
      pairs: [{ baseline: before, candidate: after }],
      added: [],
      removed: [],
      suspended: [],
      changed: [],
      unpaired: [],
      notAsked: 0,
    })
  })

  it('lists what has no counterpart, with its stats', () => {
    const gone = named('gone')
    const fresh = named('fresh')
    const old = named('edited', { definitionHash: 'v1' })
    const edited = named('edited', { definitionHash: 'v2' })
    expect(pairCases([gone, old], [fresh, edited])).toMatchObject({
      pairs: [],
      added: ['fresh'],
      removed: ['gone'],
      suspended: [],
      changed: ['edited'],
      unpaired: [gone, old, fresh, edited],
      notAsked: 0,
    })
  })

  it('leaves twins out', () => {
    const twin = named('a.twin', { twinOf: 'a' })
    const found = pairCases([named('a'), twin], [named('a'), twin])
    expect(found.pairs.map((pair) => pair.baseline.id)).toEqual(['a'])
    expect(found).toMatchObject({ added: [], removed: [], unpaired: [] })
  })

  it('misses a case that became a twin', () => {
    const found = pairCases([named('a')], [named('a', { twinOf: 'b' })])
    expect(found).toMatchObject({ pairs: [], removed: ['a'], added: [] })
  })

  it('does not miss what was not asked for, and counts it', () => {
    const cases = [named('a'), named('b'), named('c')]
    const found = pairCases(cases, [named('a')], { notSelected: new Set(['c']) })
    expect(found.pairs).toHaveLength(1)
    expect(found).toMatchObject({ removed: ['b'], notAsked: 1 })
  })

  it('misses a case that does not count any more, and tells it from a removed one', () => {
    const cases = [named('a'), named('b'), named('c')]
    const found = pairCases(cases, [named('a')], { idle: new Set(['c', 'fresh']) })
    expect(found).toMatchObject({ removed: ['b'], suspended: ['c'], added: [] })
  })

  it('holds for nothing', () => {
    expect(pairCases([], [])).toMatchObject({ pairs: [], unpaired: [], notAsked: 0 })
  })
})
