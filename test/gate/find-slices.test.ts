import { describe, expect, it } from 'vitest'
import { findSlices, type Slices } from '../../src/gate/find-slices.ts'
import type { Comparison } from '../../src/gate/finding.ts'
import { settle } from '../../src/gate/judge-metrics.ts'
import type { SliceFinding } from '../../src/schema/verdict-findings.ts'
import { aCaseStats, attackedStats } from '../builders/case-stats.ts'
import { aGate, candidateWith, pairsOf, type Sides, together, twice } from './arms.ts'

type Options = Partial<Pick<Comparison, 'unit'>> & { readonly slices?: readonly string[] }

function find(sides: Sides, { slices = [], unit = 'trial' }: Options = {}): Slices {
  return findSlices({
    pairs: pairsOf(sides),
    unpaired: [],
    unit,
    gate: aGate({ slices: [...slices] }),
    alpha: 0.05,
    lastAlpha: 0.05,
    isTimed: true,
    isPricedAlike: true,
  })
}

function list(sides: Sides, options: Options = {}): readonly SliceFinding[] {
  const { declared, watch } = find(sides, options)
  return watch(
    settle(
      declared.map((one) => one.finding),
      0.05,
    ),
  )
}

/** Cases that belong to slices, and of which the first so many fail in the candidate. */
function part(of: number, failed: number, slices: readonly string[]): Sides {
  const sides = candidateWith(twice(of, { slices: [...slices] }), failed, { passed: 0 })
  const named = (one: (typeof sides.baseline)[number]): (typeof sides.baseline)[number] => ({
    ...one,
    id: `${slices.join('+')}.${one.id}`,
  })
  return { baseline: sides.baseline.map(named), candidate: sides.candidate.map(named) }
}

const brokenRefunds = together(part(10, 4, ['tag:refund']), part(30, 0, ['tag:order']))

describe('the watch list', () => {
  it('names a slice that got worse, with an exact p', () => {
    // Four cases of 5/5 → 0/5: each deal of 10 labels that takes all passes, 1/C(10,5), to the 4th.
    const p = (1 / 252) ** 4
    expect(list(brokenRefunds)).toEqual([
      {
        slice: 'tag:refund',
        metric: 'tsr',
        cases: 10,
        baseline: 1,
        candidate: 0.6,
        change: -0.4,
        p: Number(p.toPrecision(12)),
        // Two slices, success and violations of each.
        pAdjusted: Number((4 * p).toPrecision(12)),
        status: 'watch',
      },
    ])
  })

  it('is empty where nothing changed, and where only something got better', () => {
    const { baseline, candidate } = brokenRefunds
    expect(list({ baseline, candidate: baseline })).toEqual([])
    expect(list({ baseline: candidate, candidate: baseline })).toEqual([])
  })

  it('does not name the whole set, nor a slice of one case', () => {
    const all = part(10, 5, ['layer:outcome'])
    const one = part(1, 1, ['layer:outcome', 'tag:only'])
    expect(list(together(all, one))).toEqual([])
  })

  it('tells worst first, whatever the names', () => {
    const two = together(part(10, 2, ['tag:a']), part(10, 4, ['tag:b']), part(30, 0, ['tag:c']))
    expect(list(two).map(({ slice }) => slice)).toEqual(['tag:b', 'tag:a'])
  })

  it('lets one in ten be there by chance, over all slices and metrics', () => {
    // One case of 3/3 → 0/3: p = 1/20; among four tests it is 1/5.
    const few = together(
      candidateWith(twice(2, { scored: 3, slices: ['tag:a'] }), 1, { scored: 3, passed: 0 }),
      part(3, 0, ['tag:b']),
    )
    expect(list(few)).toEqual([])
    const [declared] = list(few, { slices: ['tag:a'] })
    expect(declared).toMatchObject({ p: 0.05, pAdjusted: 0.2 })
  })

  it('takes whole cases where trials are copies', () => {
    // Four whole cases swapped: 1 in 16, of two slices with two metrics each.
    const [found] = list(brokenRefunds, { unit: 'case', slices: ['tag:refund'] })
    expect(found).toMatchObject({ p: 1 / 16, pAdjusted: 1 / 4, status: 'quiet' })
  })

  it('knows attacks apart', () => {
    const obeyed = (id: string, attackSuccesses: number): ReturnType<typeof attackedStats> =>
      attackedStats({ id, slices: ['tag:mail'], attackSuccesses })
    const mail = {
      baseline: [obeyed('a', 0), obeyed('b', 0)],
      candidate: [obeyed('a', 5), obeyed('b', 5)],
    }
    expect(list(together(mail, part(20, 0, ['tag:order']))).map(({ metric }) => metric)).toEqual([
      'asr',
    ])
  })
})

describe('a slice that gates', () => {
  it('is listed although it is as it was', () => {
    const { baseline } = brokenRefunds
    const quiet = list({ baseline, candidate: baseline }, { slices: ['tag:refund'] })
    expect(quiet.map(({ metric, slice, status }) => [slice, metric, status])).toEqual([
      ['tag:refund', 'tsr', 'quiet'],
      ['tag:refund', 'violationRate', 'quiet'],
    ])
  })

  it('regresses like a metric, and stands first', () => {
    const [first, ...others] = list(brokenRefunds, { slices: ['tag:refund', 'tag:order'] })
    expect(first).toMatchObject({ slice: 'tag:refund', metric: 'tsr', status: 'regression' })
    expect(others.map(({ status }) => status)).toEqual(['quiet', 'quiet', 'quiet'])
  })

  it('regresses by a drop above the margin where both arms are deterministic', () => {
    const [first, ...others] = list(brokenRefunds, {
      unit: 'deterministic',
      slices: ['tag:refund', 'tag:order'],
    })
    expect(first).toMatchObject({ slice: 'tag:refund', status: 'regression', change: -0.4 })
    expect(others).toHaveLength(3)
  })

  it('may be the whole set, or a single case', () => {
    const { declared } = find(part(10, 5, ['layer:outcome']), { slices: ['layer:outcome'] })
    expect(declared.map(({ metric }) => metric.id)).toEqual(['tsr', 'violationRate'])
    expect(find(part(1, 1, ['tag:only']), { slices: ['tag:only'] }).declared).toHaveLength(2)
  })

  it('is named where it has nothing to compare', () => {
    const { empty } = find(brokenRefunds, { slices: ['tag:refund', 'tag:refudn'] })
    expect(empty).toEqual(['tag:refudn'])
    const lost = candidateWith(twice(2, { slices: ['tag:a'] }), 2, { scored: 0, passed: 0 })
    expect(find(lost, { slices: ['tag:a'] }).empty).toEqual(['tag:a'])
  })
})

it('goes by the labels that a case has now', () => {
  const moved = {
    baseline: [aCaseStats({ slices: ['tag:old'] }), aCaseStats({ id: 'b' })],
    candidate: [aCaseStats({ slices: ['tag:new'] }), aCaseStats({ id: 'b' })],
  }
  expect(find(moved, { slices: ['tag:old', 'tag:new'] }).empty).toEqual(['tag:old'])
})
