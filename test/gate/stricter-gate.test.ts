import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { z } from 'zod'
import { decide } from '../../src/gate/decide.ts'
import { stricterGate } from '../../src/gate/stricter-gate.ts'
import { type GateConfig, gateConfig, gatedMetricId } from '../../src/schema/gate-config.ts'
import type { RuleChange } from '../../src/schema/verdict-findings.ts'
import { aCaseStats, attackedStats } from '../builders/case-stats.ts'
import { aGate, anArm, today } from './arms.ts'

type Written = z.input<typeof gateConfig>

function settled(base: Written, here: Written): ReturnType<typeof stricterGate> {
  return stricterGate(aGate(base), aGate(here))
}

const waiver = { rule: 'cap', reason: 'known', owner: 'Ada', expires: '2026-12-01' }
const waived = 'until 2026-12-01, Ada: known'

describe('each rule', () => {
  it.each<[string, Written, Written, Written, Partial<RuleChange>]>([
    [
      'a wider margin waits',
      {},
      { margins: { tsr: 0.2 } },
      {},
      { what: 'gate.margins.tsr', base: '0.05', here: '0.2', holds: 'base' },
    ],
    [
      'a narrower margin counts at once',
      {},
      { margins: { costPerTask: 1.05 } },
      { margins: { costPerTask: 1.05 } },
      { what: 'gate.margins.costPerTask', base: '1.15', here: '1.05', holds: 'here' },
    ],
    [
      'a looser lower limit waits',
      { limits: { tsr: { min: 0.9 } } },
      { limits: { tsr: { min: 0.5 } } },
      { limits: { tsr: { min: 0.9 } } },
      { what: 'gate.limits.tsr.min', base: '0.9', here: '0.5', holds: 'base' },
    ],
    [
      'a tighter upper limit counts',
      { limits: { asr: { max: 0.1 } } },
      { limits: { asr: { max: 0.01 } } },
      { limits: { asr: { max: 0.01 } } },
      { what: 'gate.limits.asr.max', base: '0.1', here: '0.01', holds: 'here' },
    ],
    [
      'a limit that is dropped holds',
      { limits: { costPerTask: { max_usd: 0.5 } } },
      {},
      { limits: { costPerTask: { max_usd: 0.5 } } },
      { what: 'gate.limits.costPerTask.max_usd', base: '0.5', here: 'none', holds: 'base' },
    ],
    [
      'a first limit counts',
      {},
      { limits: { violationRate: { max: 0 } } },
      { limits: { violationRate: { max: 0 } } },
      { what: 'gate.limits.violationRate.max', base: 'none', here: '0', holds: 'here' },
    ],
    [
      'a metric that is dropped gates',
      { metrics: ['tsr', 'asr'] },
      { metrics: ['asr'] },
      { metrics: ['tsr', 'asr'] },
      { what: 'gate.metrics', base: 'tsr', here: 'none', holds: 'base' },
    ],
    [
      'a further metric waits: it takes a part of the error budget',
      { metrics: ['tsr'] },
      { metrics: ['tsr', 'latencyP95'] },
      { metrics: ['tsr'] },
      { what: 'gate.metrics', base: 'none', here: 'latencyP95', holds: 'base' },
    ],
    [
      'a further slice waits as well',
      { slices: ['tag:vip'] },
      { slices: ['tag:new', 'tag:vip'] },
      { slices: ['tag:vip'] },
      { what: 'gate.slices', base: 'none', here: 'tag:new', holds: 'base' },
    ],
    [
      'a further rule without tolerance counts at once',
      {},
      { zero_tolerance: ['cap'] },
      { zero_tolerance: ['cap'] },
      { what: 'gate.zero_tolerance', base: 'none', here: 'cap', holds: 'here' },
    ],
    [
      'a rule without tolerance stays one',
      { zero_tolerance: ['cap'] },
      {},
      { zero_tolerance: ['cap'] },
      { what: 'gate.zero_tolerance', base: 'cap', here: 'none', holds: 'base' },
    ],
    [
      'a slice that gates goes on gating',
      { slices: ['tag:vip'] },
      {},
      { slices: ['tag:vip'] },
      { what: 'gate.slices', base: 'tag:vip', here: 'none', holds: 'base' },
    ],
    [
      'a new waiver waits',
      {},
      { waivers: [waiver] },
      {},
      { what: 'gate.waivers: cap', base: 'none', here: waived, holds: 'base' },
    ],
    [
      'a waiver that is withdrawn is withdrawn at once',
      { waivers: [waiver] },
      {},
      {},
      { what: 'gate.waivers: cap', base: waived, here: 'none', holds: 'here' },
    ],
    [
      'a waiver that is extended ends as it was to end',
      { waivers: [waiver] },
      { waivers: [{ ...waiver, expires: '2027-12-01' }] },
      { waivers: [waiver] },
      { what: 'gate.waivers: cap', here: 'until 2027-12-01, Ada: known', holds: 'base' },
    ],
    [
      'a waiver that is shortened is shortened at once',
      { waivers: [waiver] },
      { waivers: [{ ...waiver, expires: '2026-11-01' }] },
      { waivers: [{ ...waiver, expires: '2026-11-01' }] },
      { what: 'gate.waivers: cap', base: waived, holds: 'here' },
    ],
    [
      'a waiver that lasts as long holds, whatever it says',
      { waivers: [waiver] },
      { waivers: [{ ...waiver, reason: 'well known' }] },
      { waivers: [waiver] },
      { what: 'gate.waivers: cap', here: 'until 2026-12-01, Ada: well known', holds: 'base' },
    ],
    [
      'a second waiver that lasts longer counts as an extension',
      { waivers: [waiver] },
      { waivers: [waiver, { ...waiver, owner: 'Eve', expires: '2028-01-01' }] },
      { waivers: [waiver] },
      { what: 'gate.waivers: cap', here: 'until 2028-01-01, Eve: known', holds: 'base' },
    ],
    [
      'the looser preset waits',
      { preset: 'release' },
      {},
      { preset: 'release' },
      { what: 'gate.preset', base: 'release', here: 'pr', holds: 'base' },
    ],
    [
      'the stricter preset counts',
      {},
      { preset: 'release' },
      { preset: 'release' },
      { what: 'gate.preset', base: 'pr', here: 'release', holds: 'here' },
    ],
    [
      'proof that was required is',
      { require_proof: true },
      {},
      { require_proof: true },
      { what: 'gate.require_proof', base: 'true', here: 'false', holds: 'base' },
    ],
    [
      'another alpha waits, in either direction',
      {},
      { alpha: 0.2 },
      {},
      { what: 'gate.alpha', base: '0.05', here: '0.2', holds: 'base' },
    ],
    [
      'another unit waits',
      { unit: 'case' },
      { unit: 'trial' },
      { unit: 'case' },
      { what: 'gate.unit', base: 'case', here: 'trial', holds: 'base' },
    ],
    [
      'another k waits',
      {},
      { pass_hat_k: 1 },
      {},
      { what: 'gate.pass_hat_k', base: '3', here: '1', holds: 'base' },
    ],
    [
      'another way of sampling waits',
      {},
      { max_trials: 20 },
      {},
      { what: 'gate.max_trials', base: 'none', here: '20', holds: 'base' },
    ],
    [
      'an anchor that is dropped holds',
      { anchor: 'git:v1' },
      {},
      { anchor: 'git:v1' },
      { what: 'gate.anchor', base: 'git:v1', here: 'none', holds: 'base' },
    ],
    [
      'a first anchor counts',
      {},
      { anchor: 'git:v1' },
      { anchor: 'git:v1' },
      { what: 'gate.anchor', base: 'none', here: 'git:v1', holds: 'here' },
    ],
    [
      'a tier that had to be earned has to be',
      { autonomy: { required_tier: 2 } },
      {},
      { autonomy: { required_tier: 2 } },
      { what: 'gate.autonomy.required_tier', base: '2', here: 'none', holds: 'base' },
    ],
    [
      'a higher tier has to be earned at once',
      { autonomy: { required_tier: 0 } },
      { autonomy: { required_tier: 3, p95_max_ms: 9000 } },
      { autonomy: { required_tier: 3 } },
      { what: 'gate.autonomy.p95_max_ms', base: '3000', here: '9000', holds: 'base' },
    ],
    [
      'a baseline grows old no later',
      {},
      { baseline: { max_age_days: 900, trials_factor: 1 } },
      {},
      { what: 'gate.baseline.trials_factor', base: '3', here: '1', holds: 'base' },
    ],
  ])('%s', (_, base, here, gate, change) => {
    const found = settled(base, here)
    expect(found.gate).toEqual(aGate(gate))
    expect(found.changes).toContainEqual(expect.objectContaining(change))
  })

  test('every rule that differs is told, in the order of the file', () => {
    const { changes } = settled(
      {},
      { margins: { tsr: 0.2, asr: 0.5 }, waivers: [waiver], alpha: 0.1, preset: 'release' },
    )
    expect(changes.map(({ what }) => what)).toEqual([
      'gate.preset',
      'gate.alpha',
      'gate.margins.tsr',
      'gate.margins.asr',
      'gate.waivers: cap',
    ])
  })

  test('a long list is one line, whichever side it is on', () => {
    const slices = Array.from({ length: 47 }, (_, index) => `tag:s${index}`)
    expect(settled({}, { slices }).changes).toEqual([
      { what: 'gate.slices', base: 'none', here: '47 added', holds: 'base' },
    ])
    expect(settled({ slices: slices.slice(0, 4) }, {}).changes).toEqual([
      {
        what: 'gate.slices',
        base: 'tag:s0, tag:s1, tag:s2, tag:s3',
        here: '4 removed',
        holds: 'base',
      },
    ])
    expect(settled({}, { slices: slices.slice(0, 3) }).changes).toHaveLength(3)
  })

  test('a long text is cut', () => {
    const { changes } = settled({}, { waivers: [{ ...waiver, reason: 'x'.repeat(1000) }] })
    expect(changes[0]?.here).toHaveLength(160)
  })
})

const rules = ['cap', 'own', 'constructor']
const anyShare = fc.constantFrom(0, 0.01, 0.05, 0.2, 1)
const anyRatio = fc.constantFrom(1, 1.1, 1.5)
const anyRules = fc.uniqueArray(fc.constantFrom(...rules))
const slices = ['tag:even', 'tag:odd', 'tag:low', 'tag:high']

/** Rules as an eval set may have them. */
const anyGate: fc.Arbitrary<GateConfig> = fc
  .record(
    {
      preset: fc.constantFrom('pr' as const, 'release' as const),
      alpha: fc.constantFrom(0.01, 0.05, 0.2),
      metrics: fc.uniqueArray(fc.constantFrom(...gatedMetricId.options), { minLength: 1 }),
      margins: fc.record(
        { tsr: anyShare, asr: anyShare, violationRate: anyShare, costPerTask: anyRatio },
        { requiredKeys: [], noNullPrototype: true },
      ),
      limits: fc.record(
        {
          tsr: anyShare.map((min) => ({ min })),
          asr: anyShare.map((max) => ({ max })),
          costPerTask: anyShare.map((max_usd) => ({ max_usd })),
        },
        { requiredKeys: [], noNullPrototype: true },
      ),
      require_proof: fc.boolean(),
      zero_tolerance: anyRules,
      waivers: fc.array(
        fc.record(
          {
            rule: fc.constantFrom(...rules),
            reason: fc.constantFrom('known', 'late'),
            owner: fc.constant('Ada'),
            expires: fc.constantFrom('2026-01-01', '2026-12-01', '2027-12-01'),
          },
          { noNullPrototype: true },
        ),
        { maxLength: 3 },
      ),
      slices: fc.uniqueArray(fc.constantFrom(...slices)),
      unit: fc.constantFrom('auto' as const, 'trial' as const, 'case' as const),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  .map((written) => aGate(written))

function slicesOf(index: number): string[] {
  return [index % 2 === 0 ? 'tag:even' : 'tag:odd', index < 3 ? 'tag:low' : 'tag:high']
}

describe('whatever the rules', () => {
  it('changes nothing where both sides have the same', () => {
    fc.assert(
      fc.property(anyGate, (gate) => {
        expect(stricterGate(gate, gate)).toEqual({ gate, changes: [] })
      }),
    )
  })

  it('gives rules that an eval set may have, and gives them again', () => {
    fc.assert(
      fc.property(anyGate, anyGate, (base, here) => {
        const { gate } = stricterGate(base, here)
        expect(gateConfig.parse(gate)).toEqual(gate)
        expect(stricterGate(base, gate).gate).toEqual(gate)
      }),
    )
  })

  it('tells of a change exactly where there is one', () => {
    fc.assert(
      fc.property(anyGate, anyGate, (base, here) => {
        const { changes, gate } = stricterGate(base, here)
        for (const change of changes) expect(change.base).not.toBe(change.here)
        // Whoever hides nothing sees the base's rules.
        if (changes.length === 0) expect(gate).toEqual(base)
      }),
    )
  })

  it('spends the error budget as the base does, and forgives no rule that either side forbids', () => {
    fc.assert(
      fc.property(anyGate, anyGate, (base, here) => {
        const { gate } = stricterGate(base, here)
        expect([gate.metrics, gate.slices]).toEqual([base.metrics, base.slices])
        expect(new Set(gate.zero_tolerance)).toEqual(
          new Set([...base.zero_tolerance, ...here.zero_tolerance]),
        )
      }),
    )
  })

  it('lets nothing pass that the base would not let pass', () => {
    const arm = fc
      .array(fc.record({ passed: fc.nat(6), attack: fc.nat(6), broken: fc.nat(2) }), {
        minLength: 6,
        maxLength: 6,
      })
      .map((cases) =>
        cases.flatMap(({ attack, broken, passed }, index) => [
          aCaseStats({
            id: `case.${index}`,
            scored: 6,
            passed,
            lnCost: { n: 6, mean: passed / 10 },
            violationTrials: broken,
            violationsByRule: broken === 0 ? {} : { cap: { proposed: broken, executed: broken } },
            slices: slicesOf(index),
          }),
          attackedStats({
            id: `attack.${index}`,
            scored: 6,
            attackSuccesses: attack,
            slices: slicesOf(index),
          }),
        ]),
      )
    fc.assert(
      fc.property(fc.tuple(anyGate, anyGate), fc.tuple(arm, arm), ([base, here], arms) => {
        const statusBy = (gate: GateConfig): string =>
          decide({
            baseline: { arm: anArm(arms[0]), from: 'baseline.json' },
            candidate: anArm(arms[1]),
            gate,
            today,
          }).status
        const strict = statusBy(stricterGate(base, here).gate)
        if (statusBy(base) !== 'pass') expect(strict).not.toBe('pass')
      }),
      { numRuns: 60 },
    )
  })
})
