import { describe, expect, it } from 'vitest'
import { samplingNotes } from '../../../src/report/figures/sampling-notes.ts'
import { aMetric, aVerdict } from '../../builders/verdict.ts'

it('has nothing to say where all trials ran at once', () => {
  expect(samplingNotes(aVerdict())).toEqual([])
})

describe('how the run was sampled', () => {
  const sampling = { rounds: 2, maxRounds: 5, alpha: 0.0025, notReached: 0 }

  it('is said where it ended early, and why', () => {
    expect(samplingNotes(aVerdict({ sampling: { ...sampling, stopped: 'decided' } }))).toEqual([
      'decided after 2 of 5 rounds: the other trials were not paid for',
    ])
    const late = { ...sampling, stopped: 'time', notReached: 12 } as const
    expect(samplingNotes(aVerdict({ sampling: late }))).toEqual([
      'time was up after 2 of 5 rounds, 12 cases never tried',
    ])
    const broke = { ...sampling, stopped: 'budget', notReached: 3 } as const
    expect(samplingNotes(aVerdict({ sampling: broke }))).toEqual([
      'the budget was spent after 2 of 5 rounds, 3 cases never tried',
    ])
    expect(samplingNotes(aVerdict({ sampling }))).toEqual([])
  })

  it('is said where a regression was measured again, with what was measured first', () => {
    const confirmed = (second: 'pass' | 'regression'): readonly string[] =>
      samplingNotes(
        aVerdict({
          metrics: [aMetric({ nBaseline: 120, nCandidate: 40 }), aMetric({ id: 'costPerTask' })],
          confirmation: {
            first: 'regression',
            second,
            firstMetrics: [aMetric({ status: 'regression', candidate: 0.85 })],
            runs: { baseline: 'r-b', candidate: 'r-c' },
          },
        }),
      )
    const first = 'first measured: tasks done fell from 95.8 % to 85.0 %'
    const again = 'measured again with fresh trials of both arms (160 counted)'
    expect(confirmed('pass')).toEqual([first, `${again}: not confirmed, the fresh trials say pass`])
    expect(confirmed('regression')).toEqual([first, `${again}: the regression is confirmed`])
  })

  it('names no metric where only a slice alarmed, and no trials where nobody counted them', () => {
    const confirmation = {
      first: 'regression' as const,
      second: 'pass' as const,
      firstMetrics: [],
      runs: { baseline: 'r-b', candidate: 'r-c' },
    }
    expect(
      samplingNotes(aVerdict({ metrics: [aMetric({ id: 'costPerTask' })], confirmation })),
    ).toEqual([
      'first measured: a regression',
      'measured again with fresh trials of both arms: not confirmed, the fresh trials say pass',
    ])
  })
})
