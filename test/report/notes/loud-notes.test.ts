import { expect, it } from 'vitest'
import { loudNotes, quietNotes } from '../../../src/report/notes/loud-notes.ts'
import type { Verdict } from '../../../src/schema/verdict.ts'
import { aMetric, aVerdict } from '../../builders/verdict.ts'

const naming = { say: (text: string) => text, most: 5 }

function slice(
  name: string,
  status: 'quiet' | 'watch' | 'regression',
): NonNullable<Verdict['slices']>[number] {
  const numbers = { cases: 12, baseline: 0.92, candidate: 0.8, change: -0.12 }
  return { slice: name, metric: 'tsr', ...numbers, p: 0.01, pAdjusted: 0.05, status }
}

function anchored(status: 'regression' | 'pass'): Verdict {
  const metrics = [aMetric({ status, candidate: 0.85 })]
  return aVerdict({ anchor: { name: 'v1', from: 'git:v1', metrics } })
}

it('tells what blocks from what is only for looking', () => {
  const verdict = aVerdict({
    metrics: [aMetric({ candidate: 0.94, change: -0.018, smallRealDrop: true })],
    slices: [slice('a', 'watch'), slice('b', 'quiet'), slice('c', 'regression')],
  })
  expect(loudNotes(verdict, naming)).toEqual([
    'slice got worse: c, tasks done 92.0 % to 80.0 % (12 cases)',
  ])
  expect(quietNotes(verdict, naming)).toEqual([
    'watch: a, tasks done 92.0 % to 80.0 % (12 cases)',
    'tasks done fell from 95.8 % to 94.0 % (-1.8 points): small, real, and within the margin',
  ])
})

it('is loud about the last release only where it shows a regression', () => {
  expect([
    loudNotes(anchored('regression'), naming),
    quietNotes(anchored('regression'), naming),
  ]).toMatchInlineSnapshot(`
    [
      [
        "against the last release (v1 from git:v1): tasks done fell from 95.8 % to 85.0 %",
      ],
      [],
    ]
  `)
  expect([
    loudNotes(anchored('pass'), naming),
    quietNotes(anchored('pass'), naming),
  ]).toMatchInlineSnapshot(`
    [
      [],
      [
        "against the last release (v1 from git:v1): no regression",
      ],
    ]
  `)
})
