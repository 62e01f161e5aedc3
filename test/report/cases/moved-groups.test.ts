import { expect, it } from 'vitest'
import { markdown } from '../../../src/report/markdown/markdown.ts'
import { terminal } from '../../../src/report/terminal/terminal.ts'
import type { MovedCase, Verdict } from '../../../src/schema/verdict.ts'
import { aRunResult } from '../../builders/result.ts'
import { aMetric, aMovedCase, aVerdict } from '../../builders/verdict.ts'
import * as examples from '../examples.ts'

function wrong(
  id: string,
  reason: string,
  changes: Partial<Parameters<typeof aMovedCase>[0]> = {},
): MovedCase {
  return aMovedCase({ id, firstFailure: { grader: 'output', reason, count: 5 }, ...changes })
}

const harm = { violationTrials: { baseline: 0, candidate: 5 } }
const robbed = { layer: 'adversarial', attackSuccesses: { baseline: 0, candidate: 5 } } as const

/** In the order of a verdict, worst first: not the one in which they are told. */
const moved = [
  wrong('c01', 'never said so'),
  wrong('c02', 'broke cap', harm),
  wrong('c03', 'said too much'),
  wrong('c04', 'said too much', { candidatePassed: 1 }),
  wrong('c05', 'broke cap', { ...harm, candidatePassed: 2 }),
  wrong('c06', 'broke cap', robbed),
  wrong('c07', 'was slow', { layer: 'adversarial', candidatePassed: 4 }),
  aMovedCase({ id: 'c08', direction: 'better', baselinePassed: 0, candidatePassed: 5 }),
]

function verdictWith(changes: Partial<Verdict>): Verdict {
  const diagnostics = { broken: ['c03', 'c06'], fixed: [], flaky: [] }
  const cases = { moved, added: [], removed: [], changed: [] }
  return aVerdict({ cases, diagnostics, ...changes })
}

interface Told {
  readonly ids: readonly string[]
  /** Trials that passed and that were scored, in the candidate and in the baseline. */
  readonly counts: readonly string[]
}

function groupOf(text: string, counts: readonly string[]): Told {
  return { ids: text.match(/\bc0\d\b/g) ?? [], counts }
}

function inLog(verdict: Verdict): readonly Told[] {
  const { context } = examples.pass
  const text = terminal.render({ result: aRunResult({ verdict }), context })
  const cases = text.split('\n\n').find((block) => /^(?:FAIL|note) /.test(block)) ?? ''
  const groups = cases.replace(/\n\d+ more cases? moved[^]*/, '').split(/\n(?=FAIL|note)/)
  return groups.map((group) => {
    const [, now = '', was = ''] = /done (\d+\/\d+), was (\d+\/\d+)/.exec(group) ?? []
    return groupOf(group, [now, was])
  })
}

function inComment(verdict: Verdict): readonly Told[] {
  const { context } = examples.pass
  const text = markdown.render({ result: aRunResult({ verdict }), context })
  return text
    .split('\n')
    .filter((line) => /^\|.*`c0\d`/.test(line) && !line.startsWith('| up'))
    .map((row) => {
      const [was = '', now = ''] = row.match(/\d+\/\d+(?= done)/g) ?? []
      return groupOf(row, [now, was])
    })
}

it.each<[string, Partial<Verdict>, readonly string[]]>([
  [
    'a regression',
    {
      status: 'regression',
      exitCode: 1,
      metrics: [
        aMetric({ status: 'regression' }),
        aMetric({ id: 'violationRate', status: 'regression' }),
      ],
    },
    ['c02 c05', 'c03 c04', 'c01', 'c06', 'c07'],
  ],
  ['an undecided run', { status: 'inconclusive' }, ['c03', 'c06', 'c02 c05', 'c01', 'c04']],
  ['a pass', {}, ['c03', 'c06']],
])('the log and the comment tell %s in the same groups', (_, changes, expected) => {
  const verdict = verdictWith(changes)
  const told = inLog(verdict)
  expect(told.map(({ ids }) => ids.join(' '))).toEqual(expected)
  // A log stops at five, and tells nothing else of a pass.
  expect(told).toEqual(inComment(verdict).slice(0, told.length))
})
