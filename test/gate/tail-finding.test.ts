import { describe, expect, it } from 'vitest'
import { decide } from '../../src/gate/decide.ts'
import type { CaseStats } from '../../src/schema/case-stats.ts'
import type { MetricVerdict } from '../../src/schema/verdict.ts'
import { aCaseStats } from '../builders/case-stats.ts'
import { type Asked, aGate, anArm, decided, metricOf, type Sides, times, today } from './arms.ts'

const p95 = { metrics: ['latencyP95' as const] }

function found(sides: Sides, gate: Asked['gate'] = {}): MetricVerdict {
  return metricOf(decided(sides, { gate: { ...p95, ...gate } }), 'latencyP95')
}

/** 40 cases of five trials; answers take 1.0 to 1.9 s, and every tenth trial ten times as long. */
function timed(factor = 1, slow = 10): readonly CaseStats[] {
  return Array.from({ length: 40 }, (_, index) => {
    const latenciesMs = Array.from({ length: 5 }, (_, trial) => {
      const number = index * 5 + trial
      const usual = 1000 + (number % 10) * 100
      return number % slow === 0 ? usual * 10 * factor : usual * factor
    })
    return aCaseStats({ id: `case.${index}`, latenciesMs: latenciesMs.toSorted((a, b) => a - b) })
  })
}

describe('the slowest trials', () => {
  it('pass where they are as slow as before', () => {
    const equal = found({ baseline: timed(), candidate: timed() })
    expect(equal).toMatchObject({
      status: 'pass',
      kind: 'tail',
      unit: 'trial',
      change: 1,
      nBaseline: 200,
      nCandidate: 200,
      margin: 1.25,
    })
    expect(equal.smallRealDrop).toBeUndefined()
  })

  it('regress where every answer takes twice as long', () => {
    const twice = found({ baseline: timed(), candidate: timed(2) })
    expect(twice).toMatchObject({ status: 'regression', baseline: 10000, candidate: 20000 })
    expect(twice.ciLower).toBeGreaterThan(1)
  })

  it('regress where more answers are slow', () => {
    expect(found({ baseline: timed(), candidate: timed(1, 4) }).status).toBe('regression')
  })

  it('say when a small slowdown is real', () => {
    const slower = found({ baseline: timed(), candidate: timed(1.1) })
    expect(slower).toMatchObject({ status: 'pass', smallRealDrop: true })
  })

  it('are as random as ever where the answers are not', () => {
    const alike = (cases: readonly CaseStats[]): readonly CaseStats[] =>
      cases.map((one) => aCaseStats({ ...one, trajectories: 1 }))
    const fixed = found({ baseline: alike(timed()), candidate: alike(timed(2)) })
    expect(fixed).toMatchObject({ status: 'regression', unit: 'trial' })
    expect(fixed.p).toBeLessThan(0.05)
  })
})

it('cost the other metrics nothing where they could not alarm', () => {
  // Two cases are always slow, in both arms: however labels are dealt, each arm has all of its own.
  const cases = Array.from({ length: 40 }, (_, index) =>
    aCaseStats({ id: `case.${index}`, latenciesMs: [...times(5, index < 2 ? 60_000 : 1000)] }),
  )
  const same = found({ baseline: cases, candidate: cases })
  expect(same).toMatchObject({ status: 'inconclusive', p: 1 })
  expect(same.pHolm).toBeUndefined()
})

describe('a tail that cannot be judged', () => {
  it('is of too few trials', () => {
    const few = { baseline: timed().slice(0, 19), candidate: timed().slice(0, 19) }
    expect(found(few)).toMatchObject({
      status: 'inconclusive',
      note: '190 trials of both arms are too few for this tail; it takes 200',
    })
    const p99 = decided(few, { gate: { metrics: ['latencyP99'] } })
    expect(metricOf(p99, 'latencyP99').note).toMatch(/it takes 1000$/)
  })

  it('is of an arm that the reference provider played', () => {
    const verdict = decide({
      candidate: anArm(timed(2), { agentBehind: 'reference' }),
      baseline: { arm: anArm(timed()), from: 'b' },
      gate: aGate(p95),
      today,
    })
    expect(metricOf(verdict, 'latencyP95')).toMatchObject({
      status: 'inconclusive',
      note: 'the reference provider declares its latency, it has none',
    })
  })

  it('is of copies', () => {
    const copies = (cases: readonly CaseStats[]): readonly CaseStats[] =>
      cases.map((one) => aCaseStats({ ...one, seeds: 1 }))
    expect(found({ baseline: copies(timed()), candidate: copies(timed()) })).toMatchObject({
      status: 'inconclusive',
      unit: 'case',
    })
  })

  it('is n/a where nobody took the time, and inconclusive where one arm did', () => {
    const untimed = timed().map((one) => aCaseStats({ id: one.id }))
    expect(found({ baseline: untimed, candidate: untimed })).toMatchObject({
      status: 'n/a',
      note: 'not known in either arm',
    })
    expect(found({ baseline: timed(), candidate: untimed })).toMatchObject({
      status: 'inconclusive',
      note: 'no case has a known latency in both arms',
      nBaseline: 200,
      nCandidate: 0,
    })
  })
})

describe('latencies that are missing', () => {
  const lacking = (cases: readonly CaseStats[], count: number): readonly CaseStats[] =>
    cases.map((one, index) =>
      index < count ? aCaseStats({ ...one, latenciesMs: one.latenciesMs.slice(0, -1) }) : one,
    )

  it('may be a tenth of the tail', () => {
    expect(found({ baseline: timed(), candidate: lacking(timed(), 1) }).status).toBe('pass')
  })

  it('prove no pass when they are more: the slow ones may be among them', () => {
    expect(found({ baseline: timed(), candidate: lacking(timed(), 2) })).toMatchObject({
      status: 'inconclusive',
      note: '2 of 200 trials of the candidate have no known latency',
    })
    expect(found({ baseline: lacking(timed(), 2), candidate: timed() }).note).toBe(
      '2 of 200 trials of the baseline have no known latency',
    )
  })

  it('excuse no regression', () => {
    const slower = found({ baseline: timed(), candidate: lacking(timed(2), 5) })
    expect(slower.status).toBe('regression')
    expect(slower.note).toBeUndefined()
  })
})
