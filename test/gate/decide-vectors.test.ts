import { describe, expect, it } from 'vitest'
import { pairCases } from '../../src/gate/pair-cases.ts'
import { caseStatsOf } from '../../src/metrics/case-stats.ts'
import { collectTrials } from '../../src/metrics/trial-rows.ts'
import type { CaseStats } from '../../src/schema/case-stats.ts'
import type { TrialOutcome } from '../../src/schema/trial.ts'
import { aTrialLine } from '../builders/trial-line.ts'
import type { CaseRow } from '../metrics/builders.ts'
import { describeVectors, expectClose } from '../metrics/vectors.ts'
import { decided, metricOf, passing, type Sides, violating } from './arms.ts'

interface GateInputs {
  readonly cases: readonly CaseRow[]
  readonly margin: number
  readonly alpha: number
}

interface GateAnswer {
  readonly delta: number
  readonly lower: number
  readonly upper: number
  readonly p_exact: number
  readonly verdict: string
  readonly mde80: number
  readonly trials_per_case_needed: number
}

describeVectors('full TSR gate, unit=trial', ({ inputs, expected, tolerance }) => {
  const { cases, margin, alpha } = inputs as GateInputs
  const answer = expected as GateAnswer
  const verdict = decided(passing(cases), {
    gate: { metrics: ['tsr'], margins: { tsr: margin }, alpha, preset: 'release' },
  })
  const tsr = metricOf(verdict, 'tsr')
  expect(tsr.unit).toBe('trial')
  expectClose(
    [tsr.change, tsr.ciLower, tsr.ciUpper, tsr.p, tsr.mde],
    [answer.delta, answer.lower, answer.upper, answer.p_exact, answer.mde80],
    tolerance,
  )
  // Where no outcome could alarm there is nothing to correct; else one metric stands alone.
  expect([undefined, tsr.p]).toContain(tsr.pHolm)
  expect(tsr.trialsNeeded?.bothArms).toBe(answer.trials_per_case_needed)
  expect([tsr.status, verdict.status]).toEqual([answer.verdict, answer.verdict])
  expect(verdict.exitCode).toBe({ pass: 0, regression: 1, inconclusive: 3 }[answer.verdict])
})

describeVectors('violation-rate gate', ({ inputs, expected, tolerance }) => {
  const {
    cases,
    alpha = 0.05,
    margin = 0.01,
  } = inputs as Partial<GateInputs> & {
    cases: readonly CaseRow[]
  }
  const answer = expected as GateAnswer
  const verdict = decided(violating(cases), {
    gate: { metrics: ['violationRate'], margins: { violationRate: margin }, alpha },
  })
  const rate = metricOf(verdict, 'violationRate')
  expectClose(
    [rate.change, rate.ciLower, rate.ciUpper, rate.p],
    [answer.delta, answer.lower, answer.upper, answer.p_exact],
    tolerance,
  )
  expect(verdict.status).toBe(answer.verdict)
})

describeVectors('case-unit Tango interval', ({ inputs, expected, tolerance }) => {
  const { cases, alpha } = inputs as GateInputs
  const answer = expected as GateAnswer
  const verdict = decided(passing(cases), { gate: { metrics: ['tsr'], unit: 'case', alpha } })
  const tsr = metricOf(verdict, 'tsr')
  expect(tsr.unit).toBe('case')
  expectClose(
    [tsr.change, tsr.ciLower, tsr.ciUpper],
    [answer.delta, answer.lower, answer.upper],
    tolerance,
  )
})

interface StatusRules {
  readonly cases: Readonly<Record<string, CaseRow>>
  readonly dropped: readonly string[]
  readonly infra: { readonly baseline: number; readonly candidate: number }
  readonly worst_case: Readonly<Record<string, CaseRow>>
}

/** The vector's words for what became of a trial, in ours. A lost trial is `infra` there. */
const outcomes: Readonly<Record<string, TrialOutcome>> = {
  pass: 'pass',
  fail: 'fail',
  timeout: 'fail',
  aborted: 'fail',
  infra: 'invalid',
}

describeVectors('status handling', ({ inputs, expected }) => {
  const { trials } = inputs as {
    trials: readonly { case: string; arm: keyof Sides; status: readonly string[] }[]
  }
  const { cases, dropped, infra, worst_case: worst } = expected as StatusRules
  const statsOf = (arm: keyof Sides): readonly CaseStats[] => {
    const collector = collectTrials()
    for (const one of trials.filter((each) => each.arm === arm)) {
      for (const [index, status] of one.status.entries()) {
        const outcome = outcomes[status]
        if (outcome === undefined) throw new Error(`no outcome for ${status}`)
        collector.add(aTrialLine({ case: one.case, trial: index + 1, outcome }))
      }
    }
    return collector.finish().map((rows) => caseStatsOf(rows, 3))
  }
  const sides = { baseline: statsOf('baseline'), candidate: statsOf('candidate') }
  const { pairs, added, removed } = pairCases(sides.baseline, sides.candidate)
  const usable = pairs.filter((pair) => pair.baseline.scored > 0 && pair.candidate.scored > 0)
  const counts = usable.map(({ baseline, candidate }): [string, CaseRow] => [
    baseline.id,
    [baseline.passed, baseline.scored, candidate.passed, candidate.scored],
  ])
  expect(Object.fromEntries(counts)).toEqual(cases)
  const unusable = pairs.filter((pair) => !usable.includes(pair)).map((pair) => pair.baseline.id)
  expect([...added, ...removed, ...unusable].sort()).toEqual(dropped)
  for (const arm of ['baseline', 'candidate'] as const) {
    expect(sides[arm].reduce((sum, one) => sum + one.invalid, 0)).toBe(infra[arm])
  }

  const tsr = metricOf(decided(sides), 'tsr')
  const drops = Object.values(worst).map(([b, of, c, to]) => c / to - b / of)
  const mean = drops.reduce((sum, drop) => sum + drop, 0) / drops.length
  expectClose(tsr.worstLower, mean, 1e-12)
})

describe('the vectors of the gate', () => {
  it('are also what decide() says when the arms trade names', () => {
    const cases: CaseRow[] = [
      [5, 5, 1, 2],
      [4, 5, 0, 1],
      [0, 4, 0, 2],
    ]
    const { baseline, candidate } = passing(cases)
    const there = metricOf(decided({ baseline, candidate }), 'tsr')
    const back = metricOf(decided({ baseline: candidate, candidate: baseline }), 'tsr')
    expectClose([back.change, back.ciLower], [-there.change!, -there.ciUpper!], 1e-9)
  })
})
