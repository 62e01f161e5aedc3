import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide } from '../../src/gate/decide.ts'
import type { GateInput } from '../../src/gate/gate-input.ts'
import type { CaseStats } from '../../src/schema/case-stats.ts'
import { type GateConfig, gatedMetricId } from '../../src/schema/gate-config.ts'
import { asJson } from '../../src/schema/json.ts'
import { layers } from '../../src/schema/names.ts'
import {
  type MetricStatus,
  type MetricVerdict,
  type Verdict,
  verdict,
} from '../../src/schema/verdict.ts'
import { canonicalJson } from '../../src/text/canonical-json.ts'
import { aCaseStats } from '../builders/case-stats.ts'
import type { CaseRow } from '../metrics/builders.ts'
import { aGate, anArm, passing, type Sides, today } from './arms.ts'

interface Head extends Pick<CaseStats, 'id' | 'layer' | 'cluster' | 'twinOf' | 'tier'> {
  readonly slices?: readonly string[]
}

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
          slowest: fc.double({ min: 0, max: 1e12, noNaN: true }),
          timed: below(scored),
          seeds: fc.integer({ min: Math.min(1, scored), max: scored }),
          trajectories: fc.integer({ min: Math.min(1, scored), max: scored }),
          definitionHash: fc.constantFrom('abc', 'abc', 'abc', 'abc', 'edited'),
        },
        { noNullPrototype: true },
      )
      .map(({ exposed, hasCost, meanCost, severe, slowest, timed, ...counts }) =>
        aCaseStats({
          ...head,
          slices: head.slices && [...head.slices],
          ...counts,
          scored,
          judged,
          attacked: head.layer === 'adversarial' ? scored : 0,
          ...(exposed !== undefined && { exposed }),
          ...(hasCost &&
            scored > 0 && {
              lnCost: { n: scored, mean: meanCost },
              lnTokens: { n: scored, mean: meanCost * 1e5 },
              lnCalls: { n: scored, mean: Math.abs(meanCost) },
              costUsd: { n: scored, sum: scored * Math.exp(meanCost) },
            }),
          latenciesMs: Array.from({ length: timed }, (_, index) => slowest * (index / 4)),
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
      tier: fc.constantFrom(0, 2, 4, undefined),
      slices: fc.constantFrom(['tag:a'], ['tag:a', 'tag:b'], undefined),
    },
    { noNullPrototype: true },
  )
  return head.chain(({ isTwin, slices, tier, ...rest }) => {
    const stats = anyStats({
      ...rest,
      ...(isTwin && { twinOf: 'case.0' }),
      ...(tier !== undefined && { tier }),
      ...(slices !== undefined && { slices }),
    })
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
      slices: fc.subarray(['tag:a', 'tag:b', 'tag:none']),
      pass_hat_k: fc.integer({ min: 1, max: 5 }),
      metrics: fc.subarray([...gatedMetricId.options], { minLength: 1 }),
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
        passHatK: rate,
        tokensPerTask: ratio,
        toolCallsPerTask: ratio,
        latencyP95: ratio,
        latencyP99: ratio,
      },
    }),
  )

/** Limits and tiers make facts, which the mirror of a comparison knows nothing of. */
const strictGate: fc.Arbitrary<GateConfig> = fc
  .tuple(anyGate, fc.constantFrom(0, 0.5, 1), fc.constantFrom(0, 2, 4, undefined))
  .map(([gate, limit, tier]) =>
    aGate({
      ...gate,
      limits: {
        tsr: { min: limit },
        utilityUnderAttack: { min: limit },
        asr: { max: limit },
        violationRate: { max: limit },
        costPerTask: { max_usd: limit },
      },
      autonomy: { ...(tier !== undefined && { required_tier: tier }), violations_max: limit },
    }),
  )

/** A look, or none; the time may have been up before the first case was tried. */
const anySampling: fc.Arbitrary<GateInput['sampling']> = fc.option(
  fc.record(
    {
      rounds: fc.integer({ min: 1, max: 4 }),
      maxRounds: fc.constant(4),
      firstLook: fc.integer({ min: 1, max: 4 }),
      stopped: fc.constantFrom('decided' as const, 'time' as const),
      notReached: fc.constantFrom(new Set<string>(), new Set(['case.0'])),
    },
    { noNullPrototype: true },
  ),
  { nil: undefined },
)

type More = Partial<Pick<GateInput, 'anchor' | 'sampling'>>

function expectNothingOpen(found: Verdict, gate: GateConfig, { sampling }: More): void {
  const statuses = found.metrics.map((metric) => metric.status)
  expect(found.missingEvidence).toEqual([])
  expect(statuses).not.toContain('inconclusive')
  if (gate.require_proof) expect(statuses).not.toContain('unproven')
  expect(sampling?.notReached.size ?? 0).toBe(0)
  const required = gate.autonomy.required_tier
  if (required !== undefined) expect(found.autonomy?.earned).toBeGreaterThanOrEqual(required)
}

function judged({ baseline, candidate }: Sides, gate: GateConfig, more: More = {}): Verdict {
  return decide({
    candidate: anArm(candidate),
    baseline: { arm: anArm(baseline), from: 'b' },
    gate,
    today,
    ...more,
  })
}

/** With a third arm as the last release, and a look. */
const anyMore: fc.Arbitrary<More> = fc
  .tuple(fc.option(anySides(), { nil: undefined }), anySampling)
  .map(([sides, sampling]) => ({
    ...(sides !== undefined && { anchor: { arm: anArm(sides.baseline), from: 'v1' } }),
    ...(sampling !== undefined && { sampling }),
  }))

function exitCode({ status }: Verdict, gate: GateConfig, { sampling }: More): number {
  const isBlocking = gate.preset === 'release' || sampling?.stopped === 'time'
  return { pass: 0, regression: 1, inconclusive: isBlocking ? 3 : 0, error: 4 }[status]
}

describe('for any arms and any gate', () => {
  it('the verdict is a document: no NaN, no infinity, and its exit code fits', () => {
    fc.assert(
      fc.property(anySides(), strictGate, anyMore, (sides, gate, more) => {
        const found = judged(sides, gate, more)
        expect(verdict.parse(found)).toStrictEqual(found)
        expect(JSON.parse(JSON.stringify(found))).toStrictEqual(found)
        expect(() => canonicalJson(asJson(found))).not.toThrow()
        expect(found.exitCode).toBe(exitCode(found, gate, more))
      }),
      { numRuns: 400 },
    )
  })

  it('a pass has no regression, no unwaived fact, nothing missing and nothing open', () => {
    fc.assert(
      fc.property(anySides(), strictGate, anyMore, (sides, gate, more) => {
        const found = judged(sides, gate, more)
        const { anchor, facts, metrics, slices = [], status } = found
        const all = [...metrics, ...(anchor?.metrics ?? []), ...slices]
        const hasRegressed = all.some((one) => one.status === 'regression')
        expect(status === 'regression').toBe(hasRegressed || facts.length > 0)
        if (status === 'pass') expectNothingOpen(found, gate, more)
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
      fc.property(shuffled, strictGate, anyMore, ({ sides, ...other }, gate, more) => {
        const there = JSON.stringify(judged(sides, gate, more))
        const { anchor, ...rest } = more
        const turned = anchor && { ...anchor, arm: anArm(anchor.arm.cases.toReversed()) }
        const again = { ...rest, ...(turned !== undefined && { anchor: turned }) }
        expect(JSON.stringify(judged(other, gate, again))).toBe(there)
        expect(JSON.stringify(judged(sides, gate, more))).toBe(there)
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
  if (there.status === 'regression') expectNotWorse(back)
  expect(there.smallRealDrop === true && back.smallRealDrop === true).toBe(false)
  expect(there.status === 'n/a').toBe(back.status === 'n/a')
  if (there.p !== undefined) expect(there.p + (back.p ?? 0)).toBeGreaterThanOrEqual(1 - 1e-9)
}

/** Who regressed this way has a change for the better the other way, and is never blamed for it. */
function expectNotWorse({ change = 0, kind, smallRealDrop, status, worse }: MetricVerdict): void {
  const gain = kind === 'rate' ? change : change - 1
  expect(worse === 'lower' ? gain : -gain).toBeGreaterThan(0)
  const fine: readonly MetricStatus[] = ['pass', 'inconclusive', 'unproven']
  expect(fine).toContain(status)
  expect(smallRealDrop).toBeUndefined()
}

/** Four trials of a case in each arm; more often than not the candidate passed fewer of them. */
const anyDrop: fc.Arbitrary<readonly CaseRow[]> = fc.array(
  fc
    .tuple(below(4), below(4), fc.nat(3))
    .map(([a, b, luck]) => (luck === 0 ? [a, 4, b, 4] : [Math.max(a, b), 4, Math.min(a, b), 4])),
  { minLength: 1, maxLength: 10 },
)

/** A gate of the success rate alone, wide enough to pass small suites. */
const tsrGate: fc.Arbitrary<GateConfig> = fc
  .record(
    {
      alpha: fc.constantFrom(0.01, 0.05, 0.2, 0.49),
      unit: fc.constantFrom('trial', 'case'),
      margin: fc.constantFrom(0.01, 0.1, 0.3, 0.6, 1),
    },
    { noNullPrototype: true },
  )
  .map(({ margin, ...rest }) => aGate({ ...rest, metrics: ['tsr'], margins: { tsr: margin } }))

describe('a drop of the success rate', () => {
  it('is a regression one way and none the other, where it is one', () => {
    fc.assert(
      fc.property(anyDrop, tsrGate, (rows, gate) => {
        const there = judged(passing(rows), gate)
        const back = judged(passing(rows.map(([b, m, c, n]) => [c, n, b, m])), gate)
        expect([there.status, back.status]).not.toEqual(['regression', 'regression'])
        if (there.status !== 'regression') return
        expectNotWorse(back.metrics[0]!)
        expect(['pass', 'inconclusive']).toContain(back.status)
      }),
      { numRuns: 400 },
    )
  })

  it('is not turned into a pass by one more case that broke', () => {
    fc.assert(
      fc.property(anyDrop, tsrGate, (rows, gate) => {
        const before = judged(passing(rows), gate)
        const after = judged(passing([...rows, [4, 4, 0, 4]]), gate)
        if (before.status === 'regression') expect(after.status).not.toBe('pass')
        const [then, now] = [before.metrics[0]!, after.metrics[0]!]
        expect(now.change!).toBeLessThanOrEqual(then.change! + 1e-12)
        // Among trials one more drop also makes the whole rarer; among cases it is one sign more.
        if (gate.unit === 'trial') expect(now.p!).toBeLessThanOrEqual(then.p! + 1e-12)
      }),
      { numRuns: 400 },
    )
  })
})

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
