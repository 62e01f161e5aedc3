import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CaseLoad, dealShards } from '../../src/suites/shard-cases.ts'

const cases: fc.Arbitrary<readonly CaseLoad[]> = fc.uniqueArray(
  fc.record({
    id: fc.stringMatching(/^[a-z][a-z0-9.]{0,8}$/),
    // Few different ones, so that there are ties.
    load: fc.oneof(fc.constantFrom(1, 2, 3), fc.double({ min: 1e-6, max: 1e3, noNaN: true })),
  }),
  { selector: ({ id }) => id, maxLength: 60 },
)
const total = fc.integer({ min: 1, max: 12 })

function loadsOf(dealt: readonly ReadonlySet<string>[], all: readonly CaseLoad[]): number[] {
  const byId = new Map(all.map(({ id, load }) => [id, load]))
  return dealt.map((ids) => [...ids].reduce((sum, id) => sum + (byId.get(id) ?? 0), 0))
}

describe('dealShards', () => {
  it('puts every case into exactly one shard', () => {
    fc.assert(
      fc.property(cases, total, (all, shards) => {
        const dealt = dealShards(all, shards)
        expect(dealt).toHaveLength(shards)
        expect(dealt.flatMap((ids) => [...ids]).sort()).toEqual(all.map(({ id }) => id).sort())
      }),
    )
  })

  it('leaves no shard more than one case above another', () => {
    fc.assert(
      fc.property(cases, total, (all, shards) => {
        const loads = loadsOf(dealShards(all, shards), all)
        const largest = Math.max(0, ...all.map(({ load }) => load))
        const spread = Math.max(...loads) - Math.min(...loads)
        expect(spread).toBeLessThanOrEqual(largest * (1 + 1e-9))
      }),
    )
  })

  it('makes cases of equal load differ by at most one in number', () => {
    const all = Array.from({ length: 100 }, (_, at) => ({ id: `case.${at}`, load: 0.1 }))
    expect(dealShards(all, 3).map((ids) => ids.size)).toEqual([34, 33, 33])
  })

  it('deals alike in whatever order the cases come', () => {
    const shuffled = cases.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray([...all], { minLength: all.length, maxLength: all.length }),
      ),
    )
    fc.assert(
      fc.property(shuffled, total, ([all, other], shards) => {
        const dealt = (list: readonly CaseLoad[]): readonly string[][] =>
          dealShards(list, shards).map((ids) => [...ids].sort())
        expect(dealt(other)).toEqual(dealt(all))
      }),
    )
  })

  it('comes within a third of the best split of a set that is known', () => {
    // Graham's worst case for three shards: the best split is 9 each, this one makes 11.
    const loads = [5, 5, 4, 4, 3, 3, 3]
    const all = loads.map((load, at) => ({ id: `case.${at}`, load }))
    expect(loadsOf(dealShards(all, 3), all).sort()).toEqual([11, 8, 8])
  })

  it('gives all of them to a single shard, and none to the last of too many', () => {
    const all = [
      { id: 'a', load: 1 },
      { id: 'b', load: 2 },
    ]
    expect(dealShards(all, 1)).toEqual([new Set(['a', 'b'])])
    expect(dealShards(all, 3)).toEqual([new Set(['b']), new Set(['a']), new Set()])
    expect(dealShards([], 2)).toEqual([new Set(), new Set()])
  })
})
