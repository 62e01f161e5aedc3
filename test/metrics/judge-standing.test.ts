import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type JudgeShortfall, judgeStanding } from '../../src/metrics/judge-standing.ts'
import { anyLabels, theLabels } from './judge-labels.ts'

type Row = readonly [
  string,
  readonly [number, number],
  readonly [number, number],
  readonly JudgeShortfall[],
]

it.each<Row>([
  ['enough labels, good judge', [90, 100], [85, 100], []],
  ['exactly enough of everything', [40, 50], [35, 50], []],
  ['one half from sevenths', [50, 70], [55, 70], []],
  ['49 passes', [49, 49], [50, 50], ['few-human-passes']],
  ['49 fails', [50, 50], [49, 49], ['few-human-fails']],
  ['just below one half', [39, 50], [35, 50], ['weak-agreement']],
  ['passes everything', [100, 100], [0, 100], ['weak-agreement']],
  ['everything wrong', [0, 3], [0, 2], ['few-human-passes', 'few-human-fails', 'weak-agreement']],
  ['no human fails at all', [200, 200], [0, 0], ['few-human-fails']],
  ['no labels', [0, 0], [0, 0], ['few-human-passes', 'few-human-fails']],
])('%s', (_, pass, fail, shortfalls) => {
  const standing = judgeStanding(theLabels(pass, fail))
  expect(standing.shortfalls).toEqual(shortfalls)
  expect(standing.mayGate).toBe(shortfalls.length === 0)
})

it('never lets a judge gate without its accuracy', () => {
  fc.assert(
    fc.property(anyLabels(), (labels) => {
      const { mayGate, accuracy } = judgeStanding(labels)
      if (!mayGate) return
      expect(Math.min(labels.humanPass, labels.humanFail)).toBeGreaterThanOrEqual(50)
      expect(accuracy?.youden).toBeGreaterThanOrEqual(0.5)
    }),
    { numRuns: 1000 },
  )
})
