import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CaseChange, caseChanges } from '../../src/metrics/case-changes.ts'
import { fisher } from '../../src/metrics/fisher.ts'
import type { PairedCounts } from '../../src/metrics/paired-counts.ts'
import { aCase, anySuite, armsSwapped, type CaseRow, repeated, theCases } from './builders.ts'
import { dice } from './random.ts'

interface NamedCase extends PairedCounts {
  readonly id: string
}

function named(id: string, row: CaseRow): NamedCase {
  return { id, ...aCase(row) }
}

function ids(changes: readonly CaseChange<NamedCase>[]): readonly string[] {
  return changes.map(({ evalCase }) => evalCase.id)
}

describe('success, of which less is worse', () => {
  const cases = [
    named('steady', [5, 5, 5, 5]),
    named('from 9 to 1', [9, 10, 1, 10]),
    named('from 5 to 0', [5, 5, 0, 5]),
    named('one lost', [5, 5, 4, 5]),
    named('repaired', [0, 5, 5, 5]),
    named('hopeless', [0, 5, 0, 5]),
  ]

  it('lists what broke, from 5/5 to 0/5 first, and what got fixed', () => {
    const { broken, fixed } = caseChanges(cases, 'fewer')
    expect(ids(broken)).toEqual(['from 5 to 0', 'from 9 to 1'])
    expect(ids(fixed)).toEqual(['repaired'])
    const [worst] = broken
    expect(worst?.difference).toBe(-1)
    // C(5,0)·C(5,5)/C(10,5); the second smallest of three that could alarm: “one lost” cannot.
    expect(worst?.p).toBeCloseTo(1 / 252, 12)
    expect(worst?.adjustedP).toBeCloseTo(3 / 2 / 252, 12)
  })

  it('is the other way round for violations', () => {
    const { broken, fixed } = caseChanges(cases, 'more')
    expect(ids(broken)).toEqual(['repaired'])
    expect(ids(fixed)).toEqual(['from 5 to 0', 'from 9 to 1'])
  })
})

it('needs two trials in an arm at the least', () => {
  expect(caseChanges(repeated([1, 1, 0, 1], 40), 'fewer')).toEqual({ broken: [], fixed: [] })
  expect(caseChanges([], 'fewer')).toEqual({ broken: [], fixed: [] })
})

it('is not diluted by cases that tell nothing', () => {
  const broken = named('broken', [3, 3, 0, 3])
  const many = [...repeated([3, 3, 3, 3], 500), ...repeated([0, 3, 0, 3], 50)].map(
    (one, index) => ({
      ...one,
      id: `quiet ${index}`,
    }),
  )
  expect(ids(caseChanges([...many, broken], 'fewer').broken)).toEqual(['broken'])
})

it('is diluted by cases that might have been listed', () => {
  const cases = theCases([
    [3, 3, 0, 3],
    [1, 3, 2, 3],
    [2, 3, 1, 3],
  ])
  expect(caseChanges(cases, 'fewer').broken).toEqual([])
  expect(caseChanges(cases, 'fewer', 0.15).broken).toHaveLength(1)
})

it('lists little by luck when nothing changed', () => {
  const roll = dice(3)
  const runs = 200
  let lists = 0
  for (let run = 0; run < runs; run++) {
    const cases = Array.from({ length: 40 }, () => {
      const rate = roll(1000)
      const events = (): number => {
        let count = 0
        for (let i = 0; i < 6; i++) count += roll(1000) < rate ? 1 : 0
        return count
      }
      return aCase([events(), 6, events(), 6])
    })
    if (caseChanges(cases, 'fewer').broken.length > 0) lists += 1
  }
  // With nothing changed every listed case is false, so lists may be as rare as 10 %.
  expect(lists / runs).toBeLessThanOrEqual(0.1)
})

it('mirrors, lists each case once, and agrees with Fisher’s test', () => {
  fc.assert(
    fc.property(anySuite(), (cases) => {
      const { broken, fixed } = caseChanges(cases, 'fewer')
      const mirrored = caseChanges(armsSwapped(cases), 'fewer')
      expect(mirrored.broken.map(({ p }) => p)).toEqual(fixed.map(({ p }) => p))
      expect(mirrored.fixed.map(({ p }) => p)).toEqual(broken.map(({ p }) => p))
      const listed = [...broken, ...fixed].map(({ evalCase }) => evalCase)
      expect(new Set(listed).size).toBe(listed.length)
      for (const { evalCase, difference, p, adjustedP } of broken) {
        expect(difference).toBeLessThan(0)
        expect(p).toBeCloseTo(fisher(evalCase).fewer, 12)
        expect(adjustedP).toBeGreaterThanOrEqual(p)
        expect(adjustedP).toBeLessThanOrEqual(0.1)
      }
      for (const { difference } of fixed) expect(difference).toBeGreaterThan(0)
    }),
    { numRuns: 300 },
  )
})
