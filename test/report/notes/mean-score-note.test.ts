import { expect, it } from 'vitest'
import { meanScoreNotes } from '../../../src/report/notes/mean-score-note.ts'
import { aMetric, aVerdict } from '../../builders/verdict.ts'

const aTsr = (baseline: number, candidate: number): ReturnType<typeof aMetric> =>
  aMetric({ id: 'tsr', baseline, candidate, margin: 0.05 })

it('says where a rule on the mean would have passed a regression', () => {
  const verdict = aVerdict({ status: 'regression', metrics: [aTsr(0.789, 0.764)] })
  expect(meanScoreNotes(verdict)).toEqual([
    'a rule on the mean score would have passed this: tasks done 78.9 % to 76.4 %, 5.0 points allowed',
  ])
})

it.each(['pass', 'inconclusive'] as const)(
  'says where it would have failed noise (%s)',
  (status) => {
    const verdict = aVerdict({ status, metrics: [aTsr(0.8, 0.74)] })
    expect(meanScoreNotes(verdict)).toEqual([
      'a rule on the mean score would have failed this: tasks done 80.0 % to 74.0 %, 5.0 points allowed',
    ])
  },
)

it.each([
  ['both pass', 'pass', 0.8, 0.79],
  ['both fail', 'regression', 0.8, 0.6],
  ['nothing was decided', 'error', 0.8, 0.8],
] as const)('is silent where %s', (_, status, was, is) => {
  expect(meanScoreNotes(aVerdict({ status, metrics: [aTsr(was, is)] }))).toEqual([])
})

it('is silent without a baseline', () => {
  expect(meanScoreNotes(aVerdict({ status: 'regression', metrics: [] }))).toEqual([])
})
