import { expect, test } from 'vitest'
import { movedRows } from '../../src/gate/moved-rows.ts'
import { type Baseline, baseline } from '../../src/schema/baseline.ts'
import { aCaseStats } from '../builders/case-stats.ts'
import { aProvenance } from '../builders/result.ts'

type Row = readonly [id: string, passed: number, scored: number, definitionHash?: string]

function aBaseline(...rows: readonly Row[]): Baseline {
  return baseline.parse({
    apiVersion: 'agent-eval/v1',
    kind: 'Baseline',
    provenance: aProvenance(),
    severeTier: 3,
    cases: rows.map(([id, passed, scored, definitionHash = 'abc']) =>
      aCaseStats({
        id,
        passed,
        scored,
        definitionHash,
        ...(id.endsWith('~twin') && { twinOf: id.slice(0, -'~twin'.length) }),
      }),
    ),
  })
}

test('tells what moved by chance from what did not', () => {
  const before = aBaseline(
    ['same', 15, 15],
    ['noise', 14, 15],
    ['broken', 15, 15],
    ['mended', 0, 15],
  )
  const after = aBaseline(
    ['same', 15, 15],
    ['noise', 13, 15],
    ['broken', 1, 15],
    ['mended', 15, 15],
  )
  expect(movedRows(before, after)).toEqual({
    compared: 4,
    changed: 3,
    worse: ['broken'],
    better: ['mended'],
  })
})

test('compares cases that are the same and were scored in both; twins are no cases', () => {
  const before = aBaseline(['a', 5, 5], ['b', 5, 5], ['c', 0, 0], ['gone', 5, 5], ['d~twin', 5, 5])
  const after = aBaseline(
    ['a', 0, 5, 'edited'],
    ['b', 5, 6],
    ['c', 0, 5],
    ['new', 0, 5],
    ['d~twin', 0, 5],
  )
  expect(movedRows(before, after)).toEqual({ compared: 1, changed: 1, worse: [], better: [] })
})
