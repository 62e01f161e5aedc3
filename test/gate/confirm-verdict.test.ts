import { describe, expect, it } from 'vitest'
import { confirmVerdict, needsConfirmation } from '../../src/gate/confirm-verdict.ts'
import { type Fact, type Verdict, verdict } from '../../src/schema/verdict.ts'
import { aFact, aMetric, aMovedCase, aVerdict } from '../builders/verdict.ts'

const fact = aFact()
const waived = aFact({ waivedBy: 'ana until 2026-12-31: known' })
const runs = { baseline: 'runs/r-confirm-baseline', candidate: 'runs/r-confirm-candidate' }

const statuses = {
  pass: { status: 'pass', exitCode: 0, metrics: [aMetric()] },
  inconclusive: {
    status: 'inconclusive',
    exitCode: 0,
    metrics: [aMetric({ status: 'inconclusive' })],
  },
  regression: { status: 'regression', exitCode: 1, metrics: [aMetric({ status: 'regression' })] },
  error: { status: 'error', exitCode: 4, missingEvidence: ['no trial of the baseline was scored'] },
} satisfies Record<Verdict['status'], Parameters<typeof aVerdict>[0]>

function aMeasurement(status: Verdict['status'], changes: object = {}): Verdict {
  return aVerdict({ ...statuses[status], ...changes })
}

function confirmed(first: Verdict, second: Verdict): Verdict {
  return verdict.parse(confirmVerdict({ first, second, runs }))
}

describe('needsConfirmation', () => {
  it.each<[string, Verdict, boolean]>([
    ['a metric', aMeasurement('regression'), true],
    ['a metric beside a waived fact', aMeasurement('regression', { facts: [waived] }), true],
    ['a fact', aMeasurement('regression', { facts: [fact] }), false],
    ['a pass', aMeasurement('pass'), false],
    ['an inconclusive run', aMeasurement('inconclusive'), false],
    ['missing evidence', aMeasurement('error'), false],
  ])('%s: %#', (_, one, expected) => {
    expect(needsConfirmation(one)).toBe(expected)
  })
})

describe('the combined verdict', () => {
  const alarm = aMeasurement('regression')
  const release = { preset: 'release', exitCode: 3 }
  const lateSampling = { rounds: 0, maxRounds: 4, alpha: 0.05, stopped: 'time', notReached: 3 }
  const late = { exitCode: 3, sampling: lateSampling }
  const gone = { missingEvidence: ['4 of 9 cases of the baseline have no trial'] }

  it.each<[string, Verdict, Verdict, Verdict['status'], number]>([
    ['alarms again', alarm, aMeasurement('regression'), 'regression', 1],
    ['does not alarm again', alarm, aMeasurement('pass'), 'pass', 0],
    ['cannot tell', alarm, aMeasurement('inconclusive'), 'inconclusive', 0],
    ['cannot tell, release', alarm, aMeasurement('inconclusive', release), 'inconclusive', 3],
    ['had no time', alarm, aMeasurement('inconclusive', late), 'inconclusive', 3],
    ['lacks evidence', alarm, aMeasurement('error'), 'error', 4],
    ['finds a fact', alarm, aMeasurement('regression', { facts: [fact] }), 'regression', 1],
    ['finds a waived fact', alarm, aMeasurement('pass', { facts: [waived] }), 'pass', 0],
    [
      'passes after a fact',
      aMeasurement('regression', { facts: [fact] }),
      aMeasurement('pass'),
      'regression',
      1,
    ],
    [
      'passes after a fact that is waived only now',
      aMeasurement('regression', { facts: [fact] }),
      aMeasurement('pass', { facts: [waived] }),
      'regression',
      1,
    ],
    [
      'passes, but cases of the baseline are gone',
      aMeasurement('regression', gone),
      aMeasurement('pass'),
      'error',
      4,
    ],
    [
      'alarms again, and cases of the baseline are gone',
      aMeasurement('regression', gone),
      aMeasurement('regression'),
      'regression',
      1,
    ],
  ])('the second %s', (_, first, second, status, exitCode) => {
    const combined = confirmed(first, second)
    expect([combined.status, combined.exitCode]).toEqual([status, exitCode])
    expect(combined.confirmation).toEqual({
      first: first.status,
      second: second.status,
      firstMetrics: first.metrics,
      runs,
    })
    expect(combined.metrics).toEqual(second.metrics)
  })

  it('keeps how the change differs from the committed baseline, and moves by the fresh trials', () => {
    const first = aMeasurement('regression', {
      cases: {
        moved: [aMovedCase()],
        added: ['new'],
        removed: ['gone'],
        changed: ['other'],
        suspended: ['aside'],
        unpaired: [{ id: 'gone', why: 'removed', baseline: { passed: 1, scored: 5 } }],
      },
      inputsChanged: ['prompt'],
      rules: { from: 'git:main', changes: [] },
    })
    const again = aMovedCase({ candidatePassed: 1 })
    const second = aMeasurement('regression', {
      cases: { moved: [again], added: [], removed: [], changed: [] },
      baseline: { name: 'good', from: runs.baseline, hash: 'x' },
    })
    const combined = confirmed(first, second)
    expect(combined.cases).toEqual({ ...first.cases, moved: [again] })
    expect(combined.inputsChanged).toEqual(['prompt'])
    expect(combined.baseline).toEqual(first.baseline)
    expect(combined.rules).toEqual(first.rules)
  })

  it('tells each fact and each warning once', () => {
    const other: Fact = aFact({ rule: 'refund_cap', waivedBy: 'ana until 2026-12-31: known' })
    const first = aMeasurement('regression', { facts: [waived, other], warnings: ['old', 'same'] })
    const counted = { ...waived, message: 'another number of calls' }
    const second = aMeasurement('regression', { facts: [counted], warnings: ['same'] })
    const { facts, warnings } = confirmed(first, second)
    expect(facts).toEqual([counted, other])
    expect(warnings).toEqual(['same', 'old'])
  })
})
