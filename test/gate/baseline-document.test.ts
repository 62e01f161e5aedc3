import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { AgentEvalError } from '../../src/errors.ts'
import { baselineOf, baselineText } from '../../src/gate/baseline-document.ts'
import { baseline } from '../../src/schema/baseline.ts'
import type { CaseStats } from '../../src/schema/case-stats.ts'
import { type RunManifest, runManifest } from '../../src/schema/run-manifest.ts'
import { aCaseStats, attackedStats } from '../builders/case-stats.ts'
import { aProvenance } from '../builders/result.ts'
import { anArm } from './arms.ts'

const cases = [
  attackedStats({ id: 'b', lnCost: { n: 5, mean: -3.91202300543 } }),
  aCaseStats({
    id: 'a',
    passed: 3,
    violationTrials: 1,
    violationsByRule: { payout: { proposed: 1, executed: 0 } },
    latenciesMs: [12, 12.5, 1230],
    paths: [{ path: ['read', 'write'], count: 5 }],
    failures: [{ grader: 'effects', reason: 'no "refund"\nat all', count: 2 }],
  }),
]

function aManifest(
  of: readonly CaseStats[],
  changes: Partial<z.input<typeof runManifest>> = {},
): RunManifest {
  return runManifest.parse({
    apiVersion: 'agent-eval/v1',
    kind: 'RunManifest',
    run: '2026-09-30-1',
    createdAt: '2026-09-30T10:00:00Z',
    provenance: aProvenance(),
    gate: {},
    severeTier: 3,
    cases: of.map(({ cluster, definitionHash, id, layer, split, status }) => ({
      id,
      layer,
      cluster,
      definitionHash,
      trials: 5,
      ...(split !== undefined && { split }),
      ...(status !== undefined && { status }),
    })),
    notSelected: [],
    options: { mode: 'enforce' },
    ...changes,
  })
}

function refusal(manifest: RunManifest, of: readonly CaseStats[] = cases): AgentEvalError {
  try {
    baselineOf(manifest, anArm(of))
  } catch (error) {
    if (error instanceof AgentEvalError) return error
    throw error
  }
  throw new Error('it was not refused')
}

describe('baselineOf', () => {
  it('holds the cases by id, where they are from, and nothing of the run', () => {
    const made = baselineOf(aManifest(cases), anArm(cases))
    expect(made).toEqual({
      apiVersion: 'agent-eval/v1',
      kind: 'Baseline',
      provenance: aProvenance(),
      severeTier: 3,
      cases: [cases[1], cases[0]],
    })
    expect(baseline.parse(made)).toEqual(made)
  })

  it('takes a run with a few invalid trials: they were tried', () => {
    const some = [aCaseStats({ scored: 19, passed: 19, invalid: 1 })]
    expect(baselineOf(aManifest(some), anArm(some)).cases).toEqual(some)
  })

  it.each([
    [18, 1, '1 of 19 trials of the run have no result'],
    [0, 5, '5 of 5 trials of the run have no result'],
  ])('refuses a run that lost too many: %i scored, %i lost', (scored, invalid, message) => {
    const lost = [aCaseStats({ scored, passed: scored, invalid })]
    expect(refusal(aManifest(lost), lost)).toMatchObject({ message, exitCode: 2 })
  })

  it('leaves out what does not gate, finished or not', () => {
    const idle = [
      aCaseStats({ id: 'draft', status: 'draft' }),
      aCaseStats({ id: 'quarantined', status: 'quarantined', scored: 0, passed: 0, incomplete: 5 }),
      aCaseStats({ id: 'dev', split: 'dev', scored: 1 }),
    ]
    const all = [...cases, ...idle]
    const made = baselineOf(aManifest(all), anArm(all))
    expect(baselineText(made)).toBe(baselineText(baselineOf(aManifest(cases), anArm(cases))))
  })

  it.each(['dev', 'holdout'] as const)('refuses a run of the %s split', (split) => {
    const of = cases.map((one) => ({ ...one, split }))
    const error = refusal(aManifest(of), of)
    expect(error).toMatchObject({ message: `the run is of the ${split} split`, code: 'usage' })
  })

  it('refuses a run of some cases', () => {
    const error = refusal(aManifest(cases, { notSelected: ['x', 'y', 'z'] }))
    expect(error).toMatchObject({ message: 'the run left out 3 cases', code: 'usage' })
    expect(error.hint).toContain('--case')
  })

  it('refuses a run that was cut off', () => {
    const cut = [cases[0]!, aCaseStats({ id: 'a', scored: 3, passed: 3, incomplete: 2 })]
    const error = refusal(aManifest(cut), cut)
    expect(error.message).toBe('2 trials of the run are not finished')
    expect(error.hint).toBe('finish it with: npx agent-eval run --resume 2026-09-30-1')
  })

  it('refuses a run that stopped early: trials skipped, or whole cases', () => {
    // Whether they are counted as incomplete or not at all, each is missing once.
    for (const incomplete of [0, 1, 3]) {
      const skipped = [cases[0]!, aCaseStats({ id: 'a', scored: 2, passed: 2, incomplete })]
      expect(refusal(aManifest(cases), skipped).message).toMatch(/^3 trials/)
    }
    expect(refusal(aManifest(cases), [cases[0]!]).message).toMatch(/^5 trials/)
  })

  it('refuses a run in which the controls only observed', () => {
    const error = refusal(aManifest(cases, { options: { mode: 'observe' } }))
    expect(error.message).toBe('in this run the controls only observed')
    expect(error.exitCode).toBe(2)
  })

  it.each([
    ['decided', 'measure it with --no-gate: without a verdict no run ends early'],
    ['time', 'measure it without --max-duration'],
  ] as const)('refuses a run that ended early: %s', (why, hint) => {
    const sampling = { maxTrials: 5, firstLook: 2, stopped: { why, rounds: 3 } }
    const error = refusal(aManifest(cases, { sampling }))
    expect(error.message).toBe('the run ended early, after 3 of 5 rounds')
    expect(error.hint).toBe(hint)
  })

  it('takes a run that might have ended early and did not', () => {
    const sampling = { maxTrials: 5, firstLook: 2 }
    expect(baselineOf(aManifest(cases, { sampling }), anArm(cases)).cases).toHaveLength(2)
  })

  it('takes a run of some cases for these, as far as they are finished', () => {
    const partial = aManifest(cases, { notSelected: ['x'] })
    const open = [cases[0]!, aCaseStats({ id: 'a', scored: 3, passed: 3, incomplete: 2 })]
    expect(baselineOf(partial, anArm(open), new Set(['b'])).cases.map(({ id }) => id)).toContain(
      'b',
    )
    expect(() => baselineOf(partial, anArm(open), new Set(['a']))).toThrow('2 trials of the run')
  })
})

describe('baselineText', () => {
  const made = baselineOf(aManifest(cases), anArm(cases))

  it('has one line for each case and each field, sorted, and a newline at the end', () => {
    const lines = baselineText(made).split('\n')
    expect(lines.map((line) => line.slice(0, 14))).toEqual([
      '{',
      '"apiVersion": ',
      '"kind": "Basel',
      '"provenance": ',
      '"severeTier": ',
      '"cases": [',
      '{"attackSucces',
      '{"attackSucces',
      ']',
      '}',
      '',
    ])
    expect(lines[6]).toContain('"id":"a"')
    expect(lines[7]).toContain('"id":"b"')
  })

  it('reads back as what was written', () => {
    expect(baseline.parse(JSON.parse(baselineText(made)))).toEqual(made)
    const empty = { ...made, cases: [] }
    expect(baseline.parse(JSON.parse(baselineText(empty)))).toEqual(empty)
  })

  it('is the same text whatever the order of cases and of keys', () => {
    const reversed = cases
      .map((one) => Object.fromEntries(Object.entries(one).reverse()) as CaseStats)
      .reverse()
    const other = baselineOf(aManifest(reversed), anArm(reversed))
    expect(baselineText(other)).toBe(baselineText(made))
    expect(baselineText(baseline.parse(JSON.parse(baselineText(made))))).toBe(baselineText(made))
  })
})
