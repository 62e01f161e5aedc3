import { describe, expect, it } from 'vitest'
import { traceOrder } from '../../../src/report/page/trace-order.ts'
import { trialKeyOn } from '../../../src/report/page/trial-key-on.ts'
import type { TrialLine } from '../../../src/schema/trial.ts'
import type { Verdict } from '../../../src/schema/verdict.ts'
import { aTrialLine } from '../../builders/trial-line.ts'
import { aFact, aMetric, aMovedCase, aVerdict } from '../../builders/verdict.ts'

type Trials = Parameters<typeof traceOrder>[1]

function keysOf(verdict: Verdict | undefined, trials: Partial<Trials>): readonly string[] {
  const order = traceOrder(verdict, { candidate: [], baseline: [], ...trials })
  return order.map(({ arm, line }) => trialKeyOn(arm, line))
}

function trialsOf(id: string, outcomes: string): readonly TrialLine[] {
  return Array.from(outcomes, (letter, index) =>
    aTrialLine({ case: id, trial: index + 1, outcome: letter === 'f' ? 'fail' : 'pass' }),
  )
}

const regression = aVerdict({
  status: 'regression',
  exitCode: 1,
  metrics: [aMetric({ status: 'regression' })],
  cases: {
    moved: [aMovedCase({ id: 'm' }), aMovedCase({ id: 'better', direction: 'better' })],
    added: [],
    removed: [],
    changed: [],
  },
})

describe('which trials come first', () => {
  it('are two that failed and one that passed of a case that broke, then failing ones, then one per case', () => {
    const candidate = [
      ...trialsOf('a', 'pp'),
      ...trialsOf('b', 'pf'),
      ...trialsOf('m', 'ffpf'),
    ].reverse()
    expect(keysOf(regression, { candidate })).toEqual([
      'candidate/m#1',
      'candidate/m#2',
      'candidate/m#3',
      'candidate/b#2',
      'candidate/m#4',
      'candidate/a#1',
      'candidate/b#1',
    ])
  })

  it('hold a passing trial of the baseline against it, where there is one', () => {
    const trials = { candidate: trialsOf('m', 'fp'), baseline: trialsOf('m', 'fp') }
    expect(keysOf(regression, trials)).toEqual(['candidate/m#1', 'baseline/m#2'])
  })

  it('count a broken rule and a successful attack as failing, though the task was done', () => {
    const harm = [
      aTrialLine({ case: 'a', trial: 1 }),
      aTrialLine({ case: 'a', trial: 2, attack: { exposed: true, succeeded: true } }),
      aTrialLine({
        case: 'a',
        trial: 3,
        violations: [{ rule: 'r', proposed: 1, executed: 1 }],
      }),
    ]
    expect(keysOf(undefined, { candidate: harm })).toEqual([
      'candidate/a#2',
      'candidate/a#3',
      'candidate/a#1',
    ])
  })

  it('begin with cases of facts, also where none moved', () => {
    const verdict = aVerdict({ facts: [aFact({ cases: ['z'] })] })
    const candidate = [...trialsOf('a', 'f'), ...trialsOf('z', 'f')]
    expect(keysOf(verdict, { candidate })).toEqual(['candidate/z#1', 'candidate/a#1'])
  })

  it('are none where there are none', () => {
    expect(keysOf(regression, {})).toEqual([])
  })
})
