import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide } from '../../src/gate/decide.ts'
import type { CaseStats } from '../../src/schema/case-stats.ts'
import type { GateConfig } from '../../src/schema/gate-config.ts'
import { asJson } from '../../src/schema/json.ts'
import { layers } from '../../src/schema/names.ts'
import { type MetricVerdict, type Verdict, verdict } from '../../src/schema/verdict.ts'
import { canonicalJson } from '../../src/text/canonical-json.ts'
import { aCaseStats } from '../builders/case-stats.ts'
import { aGate, anArm, type Sides, today } from './arms.ts'

type Head = Pick<CaseStats, 'id' | 'layer' | 'cluster' | 'twinOf'>

const below = (most: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: most })

/** What one arm of a case may hold: any counts that can occur together. */
function anyStats(head: Head): fc.Arbitrary<CaseStats> {
  const scoredAndJudged = below(4).chain((scored) =>
    fc.tuple(
      fc.constant(scored),
      fc.nat(4).map((n) => (n === 0 ? 0 : scored)),
    ),
  )
  return scoredAndJudged.chain(([scored, judged]) =>
    fc
      .record(
        {
          passed: below(scored),
          invalid: below(1),
          incomplete: below(1),
          attackSuccesses: head.layer === 'adversarial' ? below(scored) : fc.constant(0),
          exposed: head.layer === 'adversarial' ? below(scored) : fc.constant(undefined),
          violationTrials: below(judged),
          severe: below(1),
          meanCost: fc.double({ min: -8, max: 3, noNaN: true }),
          hasCost: fc.boolean(),
          seeds: fc.integer({ min: Math.min(1, scored), max: scored }),
          trajectories: fc.integer({ min: Math.min(1, scored), max: scored }),
          definitionHash: fc.constantFrom('abc', 'abc', 'abc', 'abc', 'edited'),
        },
        { noNullPrototype: true },
      )
      .map(({ exposed, hasCost, meanCost, severe, ...counts }) =>
        aCaseStats({
          ...head,
          ...counts,
          scored,
          judged,
          attacked: head.layer === 'adversarial' ? scored : 0,
          ...(exposed !== undefined && { exposed }),
          ...(hasCost && scored > 0 && { lnCost: { n: scored, mean: meanCost } }),
          ...(severe > 0 && {
            violationsByRule: { payout: { proposed: 1, executed: 1 } },
            severeByRule: { payout: 1 },
          }),
        }),
      ),
  )
}

interface BothStats {
  readonly baseline: CaseStats | undefined
  readonly candidate: CaseStats | undefined
}

function anyCase(index: number): fc.Arbitrary<BothStats> {
  const head = fc.record(
    {
      id: fc.constant(`case.${index}`),
      layer: fc.constantFrom(...layers),
      cluster: fc.constantFrom('x', 'y', `case.${index}`),
      isTwin: fc.nat(9).map((n) => n === 0),
    },
    { noNullPrototype: true },
  )
  return head.chain(({ isTwin, ...rest }) => {
    const stats = anyStats({ ...rest, ...(isTwin && { twinOf: 'case.0' }) })
    const sometimes = fc.option(stats, { nil: undefined, freq: 12 })
    return fc.record({ baseline: sometimes, candidate: sometimes }, { noNullPrototype: true })
  })
}

function anySides(): fc.Arbitrary<Sides> {
  return below(9)
    .chain((size) => fc.tuple(...Array.from({ length: size }, (_, index) => anyCase(index))))
    .map((cases) => ({
      baseline: cases.flatMap((one) => one.baseline ?? []),
      candidate: cases.flatMap((one) => one.candidate ?? []),
    }))
}

const anyGate: fc.Arbitrary<GateConfig> = fc
  .record(
    {
      alpha: fc.constantFrom(1e-20, 0.01, 0.05, 0.2, 0.49),
      unit: fc.constantFrom('auto', 'trial', 'case'),
      preset: fc.constantFrom('pr', 'release'),
      require_proof: fc.boolean(),
      rate: fc.constantFrom(0, 1e-12, 0.01, 0.3, 1),
      ratio: fc.constantFrom(1, 1.15, 1e300),
    },
    { noNullPrototype: true },
  )
  .map(({ rate, ratio, ...rest }) =>
    aGate({
      ...rest,
      margins: {
        tsr: rate,
        utilityUnderAttack: rate,
        asr: rate,
        violationRate: rate,
        costPerTask: ratio,
      },
    }),
  )

function judged({ baseline, candidate }: Sides, gate: GateConfig): Verdict {
  return decide({
    candidate: anArm(candidate),
    baseline: { arm: anArm(baseline), from: 'b' },
    gate,
    today,
  })
}

describe('for any arms and any gate', () => {
  it('the verdict is a document: no NaN, no infinity, and its exit code fits', () => {
    fc.assert(
      fc.property(anySides(), anyGate, (sides, gate) => {
        const found = judged(sides, gate)
        expect(verdict.parse(found)).toEqual(found)
        expect(() => canonicalJson(asJson(found))).not.toThrow()
        expect(found.exitCode).toBe(
          { pass: 0, regression: 1, inconclusive: gate.preset === 'release' ? 3 : 0, error: 4 }[
            found.status
          ],
        )
      }),
      { numRuns: 400 },
    )
  })

  it('a pass has no regression, no unwaived fact, nothing missing and nothing open', () => {
    fc.assert(
      fc.property(anySides(), anyGate, (sides, gate) => {
        const { facts, metrics, missingEvidence, status } = judged(sides, gate)
        const statuses = metrics.map((metric) => metric.status)
        const bad = facts.length > 0 || statuses.includes('regression')
        expect(status === 'regression').toBe(bad)
        if (status !== 'pass') return
        expect(missingEvidence).toEqual([])
        expect(statuses).not.toContain('inconclusive')
        if (gate.require_proof) expect(statuses).not.toContain('unproven')
      }),
      { numRuns: 400 },
    )
  })

  it('equal input gives equal bytes, in whatever order the cases come', () => {
    const shuffled = anySides().chain((sides) =>
      fc.record(
        {
          sides: fc.constant(sides),
          baseline: fc.shuffledSubarray([...sides.baseline], { minLength: sides.baseline.length }),
          candidate: fc.shuffledSubarray([...sides.candidate], {
            minLength: sides.candidate.length,
          }),
        },
        { noNullPrototype: true },
      ),
    )
    fc.assert(
      fc.property(shuffled, anyGate, ({ sides, ...other }, gate) => {
        expect(JSON.stringify(judged(other, gate))).toBe(JSON.stringify(judged(sides, gate)))
        expect(JSON.stringify(judged(sides, gate))).toBe(JSON.stringify(judged(sides, gate)))
      }),
      { numRuns: 200 },
    )
  })

  it('an equal arm never regresses by a metric', () => {
    fc.assert(
      fc.property(anySides(), anyGate, ({ baseline }, gate) => {
        const { metrics, cases } = judged({ baseline, candidate: baseline }, gate)
        expect(metrics.filter(({ status }) => status === 'regression')).toEqual([])
        expect(cases).toEqual({ moved: [], added: [], removed: [], changed: [] })
      }),
      { numRuns: 200 },
    )
  })
})

/** Leaves the far ends alone, where a ratio of 1e-300 has no mirror image in twelve digits. */
const tameGate = anyGate.filter(({ alpha }) => alpha >= 0.01)

describe('when the arms trade names', () => {
  it('what is worse for one is better for the other', () => {
    fc.assert(
      fc.property(anySides(), tameGate, ({ baseline, candidate }, gate) => {
        const there = judged({ baseline, candidate }, gate).metrics
        const back = judged({ baseline: candidate, candidate: baseline }, gate).metrics
        for (const [index, metric] of there.entries()) expectMirrored(metric, back[index]!)
      }),
      { numRuns: 400 },
    )
  })
})

function expectMirrored(there: MetricVerdict, back: MetricVerdict): void {
  const mirror = there.kind === 'rate' ? negated : inverted
  expectSame(back.change, mirror(there.change))
  expectSame(back.ciLower, mirror(there.ciUpper))
  expectSame(back.ciUpper, mirror(there.ciLower))
  expectSame(back.worstLower, negated(there.worstUpper))
  expect([back.baseline, back.candidate]).toEqual([there.candidate, there.baseline])
  expect([back.nBaseline, back.nCandidate]).toEqual([there.nCandidate, there.nBaseline])
  expect([there.status, back.status]).not.toEqual(['regression', 'regression'])
  expect(there.smallRealDrop === true && back.smallRealDrop === true).toBe(false)
  expect(there.status === 'n/a').toBe(back.status === 'n/a')
  if (there.p !== undefined) expect(there.p + (back.p ?? 0)).toBeGreaterThanOrEqual(1 - 1e-9)
}

function negated(value: number | undefined): number | undefined {
  return value === undefined ? undefined : -value
}

function inverted(value: number | undefined): number | undefined {
  return value === undefined ? undefined : 1 / value
}

function expectSame(found: number | undefined, wanted: number | undefined): void {
  if (found === undefined || wanted === undefined) {
    expect(found).toBe(wanted)
    return
  }
  expect(Math.abs(found - wanted)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(wanted)))
}
