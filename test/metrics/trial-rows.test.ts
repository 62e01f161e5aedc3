import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CaseRows,
  collectTrials,
  decidingRows,
  spentByRole,
  type TrialRow,
} from '../../src/metrics/trial-rows.ts'
import type { TrialLine } from '../../src/schema/trial.ts'
import { aTrialLine } from '../builders/trial-line.ts'

function collected(lines: readonly TrialLine[]): readonly CaseRows[] {
  const collector = collectTrials()
  for (const line of lines) collector.add(line)
  return collector.finish()
}

/** Lines of one case by [trial, attempt]. */
function linesAt(...keys: readonly (readonly [number, number])[]): readonly TrialLine[] {
  return keys.map(([trial, attempt]) => aTrialLine({ trial, attempt }))
}

const places = (rows: CaseRows['rows']): readonly string[] =>
  rows.map(({ attempt, trial }) => `${trial}.${attempt}`)

describe('collectTrials', () => {
  it('gathers by case, sorted by id', () => {
    const cases = collected(
      ['b', 'a', 'b', 'B'].map((id, index) => aTrialLine({ case: id, trial: index + 1 })),
    )
    expect(cases.map(({ id, rows }) => [id, rows.length])).toEqual([
      ['B', 1],
      ['a', 1],
      ['b', 2],
    ])
  })

  it('keeps what a case is', () => {
    const twin = aTrialLine({
      case: 'a.twin',
      twinOf: 'a',
      layer: 'adversarial',
      cluster: 'family',
      definitionHash: 'xyz',
    })
    expect(collected([twin])).toMatchObject([
      { id: 'a.twin', twinOf: 'a', layer: 'adversarial', cluster: 'family', definitionHash: 'xyz' },
    ])
    expect(collected([aTrialLine()])[0]?.twinOf).toBeUndefined()
  })

  it('orders by trial, then by attempt, as numbers', () => {
    const lines = linesAt([10, 1], [2, 10], [2, 2], [1, 1])
    expect(places(collected(lines)[0]!.rows)).toEqual(['1.1', '2.2', '2.10', '10.1'])
  })

  it('keeps the first failing check, and tokens only when both sides are known', () => {
    const rows = (line: Partial<TrialLine>): CaseRows['rows'][number] =>
      collected([aTrialLine(line)])[0]!.rows[0]!
    const fail = { status: 'fail' as const, events: [1] }
    const grades = [
      { grader: 'calls', status: 'pass' as const },
      { ...fail, grader: 'effects', reason: 'none' },
      { ...fail, grader: 'says', reason: 'nothing' },
    ]
    expect(rows({ grades }).failure).toEqual({ grader: 'effects', reason: 'none' })
    expect(rows({}).failure).toBeUndefined()
    expect(rows({}).tokens).toBe(1100)
    expect(rows({ outputTokens: undefined }).tokens).toBeUndefined()
    expect(rows({ inputTokens: undefined }).tokens).toBeUndefined()
    expect(rows({ inputTokens: 0, outputTokens: 0 }).tokens).toBe(0)
  })

  it('keeps equal texts once', () => {
    const lines = [1, 2, 3].map((trial) => aTrialLine({ trial, path: ['read', 'write'] }))
    const [first, second, third] = collected(lines)[0]!.rows
    expect(second?.path).toBe(first?.path)
    expect(third?.counts).toBe(first?.counts)
    expect(first?.path).toEqual(['read', 'write'])
  })

  it('is empty for no lines', () => {
    expect(collected([])).toEqual([])
  })

  it('does not depend on the order of arrival', () => {
    const lines = ['b', 'a', 'c'].flatMap((id) =>
      [1, 2, 3].flatMap((trial) =>
        [1, 2].map((attempt) =>
          aTrialLine({ case: id, trial, attempt, costUsd: 0.1 * trial + 0.01 * attempt }),
        ),
      ),
    )
    const expected = JSON.stringify(collected(lines))
    fc.assert(
      fc.property(fc.shuffledSubarray(lines, { minLength: lines.length }), (shuffled) => {
        expect(JSON.stringify(collected(shuffled))).toBe(expected)
      }),
    )
  })
})

describe('decidingRows', () => {
  const attempts = (...outcomes: readonly TrialLine['outcome'][]): readonly TrialRow[] =>
    collected(outcomes.map((outcome, index) => aTrialLine({ attempt: index + 1, outcome })))[0]!
      .rows

  it('takes the first attempt that was scored: a fail is not tried again until it passes', () => {
    expect(places([...decidingRows(attempts('invalid', 'fail', 'pass'))])).toEqual(['1.2'])
    expect(places([...decidingRows(attempts('pass', 'invalid'))])).toEqual(['1.1'])
  })

  it('takes the last attempt of a trial that was never scored', () => {
    expect(places([...decidingRows(attempts('invalid', 'incomplete'))])).toEqual(['1.2'])
    expect(decidingRows([])).toEqual([])
  })

  it('keeps trials apart', () => {
    const lines = linesAt([1, 1], [1, 2], [2, 1], [3, 1])
    expect(places([...decidingRows(collected(lines)[0]!.rows)])).toEqual(['1.1', '2.1', '3.1'])
  })
})

describe('spentByRole', () => {
  it('sums every attempt of every case, twins too', () => {
    const cases = collected([
      aTrialLine({ costByRole: { agent: 1, judge: 0.5 } }),
      aTrialLine({ attempt: 2, costByRole: { agent: 2 } }),
      aTrialLine({ case: 'a.twin', twinOf: 'a', outcome: 'invalid', costByRole: { tools: 4 } }),
    ])
    expect(spentByRole(cases)).toEqual({ agent: 3, judge: 0.5, tools: 4 })
    expect(spentByRole([])).toEqual({})
  })
})
