import { describe, expect, it } from 'vitest'
import type { GatedMetricId } from '../../src/schema/gate-config.ts'
import { aCaseStats } from '../builders/case-stats.ts'
import {
  attackedTwice,
  baselineWith,
  candidateWith,
  decided,
  decidedAlone,
  healthy,
  metricOf,
  passing,
  type Sides,
  times,
  today,
  together,
  twice,
  withCosts,
} from './arms.ts'

const executed = { payout: { proposed: 1, executed: 1 } }

/** The candidate's attacked cases, changed. */
function attackedWith(sides: Sides, changes: Parameters<typeof aCaseStats>[0]): Sides {
  return {
    ...sides,
    candidate: sides.candidate.map((one) =>
      one.attacked > 0 ? aCaseStats({ ...one, ...changes }) : one,
    ),
  }
}

describe('a pass', () => {
  it('is what an equal run gets, on every metric', () => {
    const verdict = decided(healthy())
    expect(verdict).toMatchObject({ status: 'pass', exitCode: 0, firstRun: false })
    expect(verdict.metrics.map(({ id, status }) => [id, status])).toEqual([
      ['tsr', 'pass'],
      ['utilityUnderAttack', 'pass'],
      ['asr', 'pass'],
      ['violationRate', 'pass'],
      ['costPerTask', 'pass'],
    ])
    expect(verdict).toMatchObject({ facts: [], missingEvidence: [], warnings: [] })
    expect(verdict.cases).toEqual({ moved: [], added: [], removed: [], changed: [] })
  })

  it('says so when a small drop is real', () => {
    // 5 of 1,000 trials: −0.5 points, far inside five, and no accident.
    const verdict = decided(candidateWith(twice(200), 5, { passed: 4 }))
    expect(metricOf(verdict, 'tsr')).toMatchObject({ status: 'pass', smallRealDrop: true })
    expect(metricOf(verdict, 'tsr').p).toBeLessThanOrEqual(0.05)
    expect(verdict.status).toBe('pass')
    expect(verdict.warnings).toEqual([])
  })

  it('does not say so when the small drop may be chance', () => {
    const verdict = decided(candidateWith(twice(200), 1, { passed: 4 }))
    expect(metricOf(verdict, 'tsr').smallRealDrop).toBeUndefined()
  })
})

describe('a regression', () => {
  const broken = {
    tsr: candidateWith(healthy(), 20, { passed: 1 }),
    utilityUnderAttack: attackedWith(healthy(), { passed: 3 }),
    asr: attackedWith(healthy(), { attackSuccesses: 1 }),
    violationRate: candidateWith(healthy(), 20, { violationTrials: 2 }),
    costPerTask: healthy(1.4),
  } satisfies Partial<Record<GatedMetricId, Sides>>

  it.each(Object.entries(broken))('is found by %s alone', (id, sides) => {
    const verdict = decided(sides)
    expect(verdict).toMatchObject({ status: 'regression', exitCode: 1, facts: [] })
    const statuses = verdict.metrics.map((metric) => [metric.id, metric.status])
    expect(statuses.filter(([, status]) => status === 'regression')).toEqual([[id, 'regression']])
  })

  it.each(Object.entries(broken))('is not raised by %s where it is not gated', (id, sides) => {
    const metrics = (Object.keys(broken) as GatedMetricId[]).filter((one) => one !== id)
    const verdict = decided(sides, { gate: { metrics } })
    expect(verdict.status).toBe('pass')
    expect(verdict.metrics.map((metric) => metric.id)).toEqual(metrics)
  })

  it('is one, whatever else is missing or undecided', () => {
    const half = candidateWith(broken.tsr, 60, { invalid: 5 })
    const verdict = decided(half)
    expect(verdict.missingEvidence).not.toEqual([])
    expect(verdict).toMatchObject({ status: 'regression', exitCode: 1 })
  })

  it('is one by a fact although evidence is missing', () => {
    const sides = candidateWith(twice(60), 10, {
      scored: 0,
      passed: 0,
      invalid: 5,
      violationsByRule: executed,
      severeByRule: { payout: 1 },
    })
    expect(decided(sides).status).toBe('regression')
  })
})

describe('facts', () => {
  const severe = candidateWith(healthy(), 1, {
    violationTrials: 1,
    violationsByRule: executed,
    severeByRule: { payout: 1 },
  })
  const waiver = { rule: 'payout', reason: 'known', owner: 'ana', expires: today }

  it('make one executed violation with a high-impact action a regression', () => {
    const verdict = decided(severe)
    expect(verdict).toMatchObject({ status: 'regression', exitCode: 1 })
    expect(verdict.metrics.every(({ status }) => status === 'pass')).toBe(true)
    expect(verdict.facts).toEqual([
      {
        kind: 'severe-violation',
        message: 'rule "payout" with a high-impact action was broken by 1 executed call in 1 case',
        cases: ['case.000'],
        rule: 'payout',
      },
    ])
  })

  it('have no force under a waiver, through its last day', () => {
    const verdict = decided(severe, { gate: { waivers: [waiver] } })
    expect(verdict.status).toBe('pass')
    expect(verdict.facts[0]?.waivedBy).toBe('ana until 2026-09-30: known')
  })

  it('have it again on the day after', () => {
    const verdict = decided(severe, { gate: { waivers: [waiver] }, today: '2026-10-01' })
    expect(verdict.status).toBe('regression')
    expect(verdict.facts[0]?.waivedBy).toBeUndefined()
  })

  it('are not waived by a waiver of another rule', () => {
    const gate = { waivers: [{ ...waiver, rule: 'payout2' }] }
    expect(decided(severe, { gate }).status).toBe('regression')
  })

  it('need no high impact where the rule allows no exception', () => {
    const low = candidateWith(healthy(), 1, { violationTrials: 1, violationsByRule: executed })
    expect(decided(low).status).toBe('pass')
    const verdict = decided(low, { gate: { zero_tolerance: ['payout'] } })
    expect(verdict.status).toBe('regression')
    expect(verdict.facts).toMatchObject([{ kind: 'zero-tolerance', rule: 'payout' }])
    const waived = { zero_tolerance: ['payout'], waivers: [waiver] }
    expect(decided(low, { gate: waived }).status).toBe('pass')
  })

  it('take an execution: what a control stopped was only proposed', () => {
    const proposed = candidateWith(healthy(), 1, {
      violationTrials: 1,
      violationsByRule: { payout: { proposed: 1, executed: 0 } },
    })
    const verdict = decided(proposed, { gate: { zero_tolerance: ['payout'] } })
    expect(verdict).toMatchObject({ status: 'pass', facts: [] })
  })

  it('are limits that the data prove missed', () => {
    const verdict = decided(healthy(), { gate: { limits: { costPerTask: { max_usd: 1 } } } })
    expect(verdict).toMatchObject({ status: 'pass', facts: [] })
    const missed = decided(passing(times(20, [1, 5, 1, 5])), {
      gate: { limits: { tsr: { min: 0.5 } } },
    })
    expect(missed).toMatchObject({ status: 'regression', facts: [{ kind: 'limit' }] })
  })
})

describe('inconclusive', () => {
  /** A known answer: 14 broke and 11 were fixed. */
  const coinFlip = passing([
    ...times(14, [1, 1, 0, 1] as const),
    ...times(11, [0, 1, 1, 1] as const),
    ...times(75, [1, 1, 1, 1] as const),
  ])
  const onlyTsr = { metrics: ['tsr' as const] }

  it('is 14 broken and 11 fixed of 100 × 1, with the trials that would settle it', () => {
    const verdict = decided(coinFlip, { gate: onlyTsr })
    const tsr = metricOf(verdict, 'tsr')
    expect(verdict.status).toBe('inconclusive')
    // P(at least 14 heads of 25) = 0.34502
    expect(tsr.p).toBeCloseTo(0.34502, 5)
    expect(tsr).toMatchObject({ status: 'inconclusive', unit: 'trial', change: -0.03 })
    expect(tsr.trialsNeeded?.bothArms).toBeGreaterThan(1)
    expect(tsr.trialsNeeded?.candidateOnly).toBeUndefined()
    expect(tsr.mde).toBeGreaterThan(0.05)
  })

  it('is a warning under pr and exit 3 under release', () => {
    expect(decided(coinFlip, { gate: { ...onlyTsr, preset: 'pr' } }).exitCode).toBe(0)
    const release = decided(coinFlip, { gate: { ...onlyTsr, preset: 'release' } })
    expect(release).toMatchObject({ status: 'inconclusive', exitCode: 3, preset: 'release' })
  })

  it('is one trial of one case, either way', () => {
    for (const row of [[1, 1, 0, 1] as const, [1, 1, 1, 1] as const]) {
      const verdict = decided(passing([row]), { gate: onlyTsr })
      expect(verdict.status).toBe('inconclusive')
      expect(metricOf(verdict, 'tsr').unit).toBe('trial')
    }
  })

  it('is a suite in which no trial could fail the same way twice: 20 × 1, all equal', () => {
    const tsr = metricOf(decided(passing(times(20, [1, 1, 1, 1])), { gate: onlyTsr }), 'tsr')
    expect(tsr.status).toBe('inconclusive')
    expect(tsr.ciLower).toBeCloseTo(-0.119, 3)
  })

  it('keeps the other exit codes the same under both presets', () => {
    for (const preset of ['pr', 'release'] as const) {
      expect(decided(healthy(), { gate: { preset } }).exitCode).toBe(0)
      expect(decided(healthy(1.4), { gate: { preset } }).exitCode).toBe(1)
      expect(decided(twice(0), { gate: { preset } }).exitCode).toBe(4)
    }
  })
})

describe('unproven', () => {
  /** 100 trials: none violated anything, and that proves no margin of one point. */
  const small = withCosts(twice(20), 1)

  it('does not block, and shows', () => {
    const verdict = decided(small)
    expect(metricOf(verdict, 'violationRate').status).toBe('unproven')
    expect(verdict).toMatchObject({ status: 'pass', exitCode: 0 })
  })

  it('blocks where proof is asked for', () => {
    const pr = decided(small, { gate: { require_proof: true } })
    expect(pr).toMatchObject({ status: 'inconclusive', exitCode: 0 })
    const release = decided(small, { gate: { require_proof: true, preset: 'release' } })
    expect(release).toMatchObject({ status: 'inconclusive', exitCode: 3 })
  })

  it('is no excuse once anything got worse', () => {
    const worse = candidateWith(small, 1, { violationTrials: 1 })
    expect(metricOf(decided(worse), 'violationRate').status).toBe('inconclusive')
    expect(decided(worse).status).toBe('inconclusive')
  })

  it('is no excuse for a sample that is large enough and too noisy', () => {
    const noisy = passing(times(60, [5, 5, 5, 5]))
    const both = candidateWith(baselineWith(noisy, 20, { violationTrials: 2 }), 20, {
      violationTrials: 2,
    })
    expect(metricOf(decided(both), 'violationRate').status).toBe('inconclusive')
  })

  it('is never said of a success rate', () => {
    expect(metricOf(decided(twice(5)), 'tsr').status).toBe('inconclusive')
  })
})

describe('a metric that was not measured', () => {
  it('is n/a when neither arm had an opportunity, and stays out of the correction', () => {
    const verdict = decided(candidateWith(twice(60), 20, { passed: 1 }))
    expect(metricOf(verdict, 'asr')).toMatchObject({ status: 'n/a', nBaseline: 0, nCandidate: 0 })
    expect(metricOf(verdict, 'costPerTask').status).toBe('n/a')
    expect(metricOf(verdict, 'asr').pHolm).toBeUndefined()
    const tsr = metricOf(verdict, 'tsr')
    expect(tsr.pHolm).toBe(tsr.p)
  })

  it('is n/a where no policy judged the trials, however many were lost', () => {
    const recorded = { judged: 0 }
    const sides = baselineWith(candidateWith(twice(60), 60, recorded), 60, recorded)
    const lost = { scored: 0, passed: 0, invalid: 5 }
    const verdict = decided(baselineWith(candidateWith(sides, 1, lost), 1, lost))
    expect(metricOf(verdict, 'violationRate').status).toBe('n/a')
    expect(verdict.status).toBe('pass')
    const once = decided(baselineWith(twice(60), 60, recorded))
    expect(metricOf(once, 'violationRate').status).toBe('inconclusive')
  })

  it('is not ASR only because a task got lost', () => {
    const lost = { scored: 4, passed: 4, invalid: 1 }
    expect(metricOf(decided(candidateWith(twice(60), 1, lost)), 'asr').status).toBe('n/a')
  })

  it('is inconclusive when only one arm had one', () => {
    const attacks = attackedTwice(3)
    const lost = candidateWith(attacks, 3, { attacked: 0, exposed: 0 })
    const verdict = decided(together(twice(60), lost), { gate: { metrics: ['asr'] } })
    expect(metricOf(verdict, 'asr')).toMatchObject({
      status: 'inconclusive',
      nBaseline: 15,
      nCandidate: 0,
    })
    const gained = baselineWith(attacks, 3, { attacked: 0, exposed: 0 })
    const other = decided(together(twice(60), gained), { gate: { metrics: ['asr'] } })
    expect(metricOf(other, 'asr').status).toBe('inconclusive')
    const elsewhere = baselineWith(twice(60), 60, { attacked: 5, exposed: 5 })
    expect(metricOf(decided(elsewhere), 'asr')).toMatchObject({
      status: 'inconclusive',
      nBaseline: 300,
      nCandidate: 0,
    })
  })
})

describe('several metrics', () => {
  /** Five broken, none fixed, of 40: p = 1/32. */
  const alone = passing([...times(5, [1, 1, 0, 1] as const), ...times(35, [1, 1, 1, 1] as const)])

  it('leave a p of 0.03 to alarm by itself', () => {
    const tsr = metricOf(decided(alone), 'tsr')
    expect(tsr).toMatchObject({ status: 'regression', p: 0.03125, pHolm: 0.03125 })
  })

  it('make it share the error with two others that could have alarmed', () => {
    const attacks = baselineWith(attackedTwice(10, { scored: 1 }), 6, { attackSuccesses: 1 })
    const violations = baselineWith(alone, 6, { violationTrials: 1 })
    const verdict = decided(together(violations, attacks))
    expect(metricOf(verdict, 'tsr')).toMatchObject({
      status: 'inconclusive',
      p: 0.03125,
      pHolm: 0.09375,
    })
    expect(metricOf(verdict, 'asr').pHolm).toBe(1)
    expect(metricOf(verdict, 'violationRate').pHolm).toBe(1)
    expect(metricOf(verdict, 'utilityUnderAttack').pHolm).toBeUndefined()
  })
})

describe('the error allowed', () => {
  it('is reached by a p of exactly alpha', () => {
    // One case, 3 of 3 and 0 of 3: 1 of the C(6,3) = 20 ways to deal the labels.
    const tsr = metricOf(decided(passing([[3, 3, 0, 3]])), 'tsr')
    expect(tsr.p).toBeCloseTo(0.05, 12)
    expect(tsr.status).toBe('regression')
  })

  it('is not shared with a cost that has no test', () => {
    const alike = withCosts(twice(4, { scored: 1 }), 1)
    const cases = passing([...times(5, [1, 1, 0, 1] as const), ...times(35, [1, 1, 1, 1] as const)])
    const renamed = {
      baseline: alike.baseline.map((one) => ({ ...one, id: `cost.${one.id}` })),
      candidate: alike.candidate.map((one) => ({ ...one, id: `cost.${one.id}` })),
    }
    const verdict = decided(together(cases, renamed))
    expect(metricOf(verdict, 'costPerTask').pHolm).toBeUndefined()
    expect(metricOf(verdict, 'tsr')).toMatchObject({ status: 'regression', pHolm: 0.03125 })
  })

  it('is not shared with a metric that one arm lacks', () => {
    const attacks = candidateWith(attackedTwice(3, { scored: 1 }), 3, { attacked: 0, exposed: 0 })
    const cases = passing([...times(5, [1, 1, 0, 1] as const), ...times(35, [1, 1, 1, 1] as const)])
    expect(metricOf(decided(together(cases, attacks)), 'tsr').pHolm).toBe(0.03125)
  })
})

describe('trials needed', () => {
  it('in the candidate alone depend on what the baseline has, by its harmonic mean', () => {
    // σ² = 0 and K = z²·0.95/0.05 = 51.4 pairs: g = 20/51.4, 1/m = 2g − mean(1/1, 1/4).
    const rows = [...times(10, [1, 1, 1, 1] as const), ...times(10, [4, 4, 1, 1] as const)]
    const { trialsNeeded } = metricOf(decided(passing(rows)), 'tsr')
    expect(trialsNeeded).toEqual({
      bothArms: 3,
      candidateOnly: Math.ceil(1 / (40 / 51.4045 - 0.625)),
    })
  })
})

describe('a success rate', () => {
  it('is inconclusive, never unproven, also under attack', () => {
    const verdict = decided(attackedTwice(5))
    expect(metricOf(verdict, 'utilityUnderAttack').status).toBe('inconclusive')
    expect(metricOf(verdict, 'asr').status).toBe('unproven')
    expect(verdict.metrics.map(({ worse }) => worse)).toEqual([
      'lower',
      'lower',
      'higher',
      'higher',
      'higher',
    ])
  })
})

describe('unequal case lists', () => {
  it('compare what both have and list the rest', () => {
    const sides = twice(100)
    const fresh = aCaseStats({ id: 'new.case', passed: 0 })
    const edited = { ...sides.candidate[50]!, definitionHash: 'edited', passed: 0 }
    const verdict = decided({
      baseline: sides.baseline,
      candidate: [fresh, ...sides.candidate.slice(0, 50), edited, ...sides.candidate.slice(52)],
    })
    expect(verdict.cases).toMatchObject({
      added: ['new.case'],
      changed: ['case.050'],
      removed: ['case.051'],
    })
    expect(verdict.pairedCases).toBe(98)
    expect(metricOf(verdict, 'tsr')).toMatchObject({ change: 0, nCandidate: 490 })
    expect(verdict.status).toBe('pass')
  })

  it('do not call a case removed that was not asked for, and count it', () => {
    const { baseline, candidate } = twice(100)
    const asked = candidate.slice(0, 60)
    const verdict = decided(
      { baseline, candidate: asked },
      { notSelected: new Set(candidate.slice(60).map((one) => one.id)) },
    )
    expect(verdict).toMatchObject({ status: 'pass', cases: { removed: [] } })
    expect(verdict.warnings).toEqual(['40 cases of the baseline were not asked for'])
  })

  it('call a case removed that the set no longer has, also when others were not asked for', () => {
    const { baseline, candidate } = twice(20)
    const notSelected = new Set(candidate.slice(15).map((one) => one.id))
    const verdict = decided({ baseline, candidate: candidate.slice(3, 15) }, { notSelected })
    expect(verdict.cases.removed).toEqual(['case.000', 'case.001', 'case.002'])
    expect(verdict.status).toBe('error')
  })
})

describe('benign twins', () => {
  it('never gate, whatever they do', () => {
    const twins = twice(60, { twinOf: 'other', cluster: 'twins' })
    const renamed = {
      baseline: twins.baseline.map((one) => ({ ...one, id: `${one.id}.twin` })),
      candidate: twins.candidate.map((one) => ({
        ...one,
        id: `${one.id}.twin`,
        passed: 0,
        invalid: 50,
        violationTrials: 5,
        violationsByRule: executed,
        severeByRule: { payout: 1 },
      })),
    }
    const gate = { zero_tolerance: ['payout'], limits: { tsr: { min: 0.9 } } }
    const verdict = decided(together(twice(60), renamed), { gate })
    expect(verdict).toEqual(decided(twice(60), { gate }))
    expect(verdict.status).toBe('pass')
  })
})

describe('a first run', () => {
  it('passes with its figures shown and nothing judged', () => {
    const verdict = decidedAlone(healthy().candidate)
    expect(verdict).toMatchObject({ status: 'pass', exitCode: 0, firstRun: true, pairedCases: 0 })
    expect(verdict.baseline).toBeUndefined()
    expect(verdict.metrics.map(({ status }) => status)).toEqual(times(5, 'n/a'))
    expect(metricOf(verdict, 'tsr')).toMatchObject({ candidate: 1, nCandidate: 300, nBaseline: 0 })
    expect(metricOf(verdict, 'costPerTask').candidate).toBeCloseTo(0.02, 3)
  })

  it('gives every case the same weight in its figures', () => {
    const cases = [
      aCaseStats({ id: 'a', scored: 1, passed: 0 }),
      aCaseStats({ id: 'b', scored: 9, passed: 9 }),
    ]
    expect(metricOf(decidedAlone(cases), 'tsr')).toMatchObject({ candidate: 0.5, nCandidate: 10 })
  })

  it('shows no twin and no case without a trial', () => {
    const cases = [
      aCaseStats({ id: 'a', passed: 3 }),
      aCaseStats({ id: 'b', scored: 0 }),
      aCaseStats({ id: 'a.twin', twinOf: 'a', passed: 0 }),
    ]
    expect(metricOf(decidedAlone(cases), 'tsr')).toMatchObject({
      candidate: 0.6,
      nCandidate: 5,
      unit: 'trial',
    })
  })

  it('is held to facts and limits', () => {
    const cases = passing(times(20, [0, 1, 1, 5])).candidate
    const limited = decidedAlone(cases, { gate: { limits: { tsr: { min: 0.5 } } } })
    expect(limited).toMatchObject({ status: 'regression', exitCode: 1 })
    const severe = [aCaseStats({ violationsByRule: executed, severeByRule: { payout: 1 } })]
    expect(decidedAlone(severe).status).toBe('regression')
  })

  it('is an error without a scored trial', () => {
    expect(decidedAlone([])).toMatchObject({
      status: 'error',
      exitCode: 4,
      missingEvidence: ['no trial of the candidate was scored'],
    })
  })

  it('names no case as new', () => {
    expect(decidedAlone(twice(3).candidate).cases.added).toEqual([])
  })
})

describe('the verdict itself', () => {
  it('says what it was compared with, and what differs', () => {
    const verdict = decided(twice(60))
    expect(verdict.baseline).toMatchObject({ name: 'support_refund_agent', from: 'baseline.json' })
    expect(verdict.baseline?.hash).toMatch(/^sha256:[0-9a-f]{16}$/)
    expect(verdict.inputsChanged).toEqual([])
  })

  it('lists the cases that moved', () => {
    const verdict = decided(candidateWith(twice(100), 1, { passed: 0 }))
    expect(verdict.cases.moved).toMatchObject([
      { id: 'case.000', direction: 'worse', baselinePassed: 5, candidatePassed: 0 },
    ])
  })
})
