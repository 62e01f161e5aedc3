import { expect, test } from 'vitest'
import {
  movedLabel,
  whyNotDeciding,
  worseCases,
  worstFirst,
} from '../../../src/report/cases/moved-cases.ts'
import type { MovedCase, Verdict } from '../../../src/schema/verdict.ts'
import { aFact, aMetric, aMovedCase, aVerdict } from '../../builders/verdict.ts'

function regression(changes: Partial<Verdict>): Verdict {
  return aVerdict({ status: 'regression', exitCode: 1, metrics: [], ...changes })
}

function withMoved(verdict: Verdict, moved: readonly MovedCase[]): Verdict {
  return { ...verdict, cases: { ...verdict.cases, moved: [...moved] } }
}

test('a case is marked FAIL only where it explains the verdict', () => {
  const byTsr = regression({ metrics: [aMetric({ status: 'regression' })] })
  expect(movedLabel(aMovedCase(), byTsr)).toBe('FAIL')
  expect(movedLabel(aMovedCase({ layer: 'adversarial' }), byTsr)).toBe('note')
  expect(movedLabel(aMovedCase({ direction: 'better' }), byTsr)).toBe('better')
  expect(movedLabel(aMovedCase(), aVerdict())).toBe('note')
})

test('each metric looks at what it measures', () => {
  const by = (id: 'asr' | 'violationRate' | 'utilityUnderAttack' | 'costPerTask'): Verdict =>
    regression({ metrics: [aMetric({ id, status: 'regression' })] })
  const passedAlike = { candidatePassed: 5 }
  const hit = { attackSuccesses: { baseline: 0, candidate: 2 } }
  const broke = { violationTrials: { baseline: 0, candidate: 2 } }
  expect(movedLabel(aMovedCase({ ...passedAlike, ...hit }), by('asr'))).toBe('FAIL')
  expect(movedLabel(aMovedCase({ ...passedAlike, ...hit }), by('violationRate'))).toBe('note')
  expect(movedLabel(aMovedCase({ ...passedAlike, ...broke }), by('violationRate'))).toBe('FAIL')
  expect(movedLabel(aMovedCase({ layer: 'adversarial' }), by('utilityUnderAttack'))).toBe('FAIL')
  expect(movedLabel(aMovedCase(), by('costPerTask'))).toBe('note')
})

test('a fact marks the cases it names, a limit or a waived fact does not', () => {
  const cases = ['refund.over-limit']
  expect(movedLabel(aMovedCase(), regression({ facts: [aFact({ cases })] }))).toBe('FAIL')
  const waived = [aFact({ cases, waivedBy: 'ana' })]
  expect(movedLabel(aMovedCase(), regression({ facts: waived }))).toBe('note')
  const limit = [aFact({ cases, kind: 'limit' })]
  expect(movedLabel(aMovedCase(), regression({ facts: limit }))).toBe('note')
})

test('a case that lost all its trials is not called better', () => {
  const lost = aMovedCase({
    baselinePassed: 0,
    candidatePassed: 0,
    candidateScored: 0,
    direction: 'better',
  })
  expect(movedLabel(lost, aVerdict())).toBe('note')
})

test('what explains the verdict comes first, the rest stays in order', () => {
  const verdict = regression({
    metrics: [aMetric({ status: 'regression' })],
    facts: [aFact({ cases: ['broken'] })],
  })
  const moved = [
    aMovedCase({ id: 'attacked', layer: 'adversarial' }),
    aMovedCase({ id: 'worst' }),
    aMovedCase({ id: 'bad', candidatePassed: 4 }),
    aMovedCase({ id: 'good', direction: 'better' }),
    aMovedCase({ id: 'broken', candidatePassed: 5 }),
  ]
  expect(worstFirst(withMoved(verdict, moved)).map(({ id }) => id)).toEqual([
    'broken',
    'worst',
    'bad',
    'attacked',
    'good',
  ])
})

test('a case that broke beyond its own noise got worse, whether the gate decides by it or not', () => {
  const diagnostics = { broken: ['slow', 'kept'], fixed: [], flaky: [] }
  const metrics = [
    aMetric({ id: 'violationRate', status: 'regression' }),
    aMetric({ id: 'tsr', status: 'pass', margin: 0.05 }),
  ]
  const verdict = regression({ metrics, diagnostics })
  const broke = aMovedCase({ id: 'slow' })
  const hit = aMovedCase({ id: 'hit', violationTrials: { baseline: 0, candidate: 5 } })
  const little = aMovedCase({ id: 'little', candidatePassed: 4 })
  expect([broke, hit, little].map((one) => movedLabel(one, verdict))).toEqual([
    'FAIL',
    'FAIL',
    'note',
  ])
  const told = withMoved(verdict, [broke, little, hit])
  expect(worseCases(told).map(({ id }) => id)).toEqual(['hit', 'slow'])
  expect(whyNotDeciding(hit, told)).toBe('')
  expect(whyNotDeciding(broke, told)).toBe(
    'does not decide: a drop of 5.0 points is allowed (tasks done)',
  )

  // Of a pass it is no failure, and still counted.
  const passing = withMoved(aVerdict({ metrics: [aMetric()], diagnostics }), [broke, little])
  expect(movedLabel(broke, passing)).toBe('note')
  expect(worseCases(passing).map(({ id }) => id)).toEqual(['slow'])
})
