import { describe, expect, it } from 'vitest'
import { collectHalves } from '../../src/metrics/collect-halves.ts'
import { collectTrials } from '../../src/metrics/trial-rows.ts'
import { type RunSummary, runResultOf, summariseRun } from '../../src/run-evalset/summarise-run.ts'
import { gateConfig } from '../../src/schema/gate-config.ts'
import { asJson } from '../../src/schema/json.ts'
import { type PlannedCase, type RunManifest, runManifest } from '../../src/schema/run-manifest.ts'
import { runResult } from '../../src/schema/run-result.ts'
import type { TrialLine } from '../../src/schema/trial.ts'
import { prettyCanonicalJson } from '../../src/text/canonical-json.ts'
import { aProvenance } from '../builders/result.ts'
import { aTrialLine } from '../builders/trial-line.ts'

const cases = ['a', 'b'].map((id) => ({
  id,
  layer: 'outcome',
  cluster: id,
  trials: 3,
  definitionHash: 'sha256:0',
}))

const manifest: RunManifest = runManifest.parse({
  apiVersion: 'agent-eval/v1',
  kind: 'RunManifest',
  run: 'r',
  createdAt: '2026-11-22T00:00:00.000Z',
  provenance: aProvenance(),
  gate: gateConfig.parse({}),
  severeTier: 3,
  cases,
  notSelected: [],
  options: {},
})

function summarise(
  trials: readonly (readonly [string, number, 'pass' | 'fail'])[],
  of: RunManifest = manifest,
) {
  const collector = collectTrials()
  for (const [id, trial, outcome] of trials) {
    const { cluster = id, definitionHash = 'sha256:0' } =
      of.cases.find((one) => one.id === id) ?? {}
    collector.add(aTrialLine({ case: id, trial, outcome, cluster, definitionHash }))
  }
  return summariseRun(of, collector.finish())
}

/** The same run with something more said of its cases. */
function withCases(
  changes: Readonly<Record<string, Partial<PlannedCase>>>,
  more: Partial<RunManifest> = {},
): RunManifest {
  const planned = cases.map((one) => ({ ...one, ...changes[one.id] }))
  return runManifest.parse({ ...manifest, cases: planned, ...more })
}

describe('summariseRun', () => {
  it('says which models answered in any trial, and nothing where nobody recorded it', () => {
    const collector = collectTrials()
    collector.add(aTrialLine({ case: 'a', trial: 1, servedModels: ['gpt-b'] }))
    collector.add(aTrialLine({ case: 'a', trial: 2 }))
    collector.add(aTrialLine({ case: 'b', trial: 1, servedModels: ['gpt-a', 'gpt-b'] }))
    const summary = summariseRun(manifest, collector.finish())
    expect(runResult.parse(runResultOf(manifest, summary)).servedModels).toEqual(['gpt-a', 'gpt-b'])
    const silent = summarise([['a', 1, 'pass']])
    expect(Object.keys(runResultOf(manifest, silent))).not.toContain('servedModels')
  })

  it('counts a planned trial without a line as incomplete, never as passed or failed', () => {
    const { metrics, results } = summarise([
      ['a', 1, 'pass'],
      ['a', 3, 'fail'],
    ])
    expect(
      results.map(({ id, n, passed, failed, incomplete }) => [id, n, passed, failed, incomplete]),
    ).toEqual([
      ['a', 3, 1, 1, 1],
      ['b', 3, 0, 0, 3],
    ])
    expect(metrics.tsr).toMatchObject({
      rate: 0.5,
      n: 2,
      lost: 4,
      worstLower: 0.166666666667,
      worstUpper: 0.833333333333,
    })
  })

  it('expects of a run that ended early the trials of its whole rounds only', () => {
    const trials = [
      ['a', 1, 'pass'],
      ['b', 1, 'pass'],
      ['a', 2, 'fail'],
    ] as const
    const ended = (why: 'decided' | 'time', rounds: number): RunManifest =>
      withCases({}, { sampling: { maxTrials: 3, firstLook: 1, stopped: { why, rounds } } })
    const counts = (of: RunManifest, rows: Parameters<typeof summarise>[0] = trials): unknown =>
      summarise(rows, of).results.map(({ id, n, scored, incomplete }) => [
        id,
        n,
        scored,
        incomplete,
      ])
    // Time may end a round in which some cases have had their trial.
    expect(counts(ended('time', 1))).toEqual([
      ['a', 2, 2, 0],
      ['b', 1, 1, 0],
    ])
    expect(summarise(trials, ended('time', 1)).metrics.tsr).toMatchObject({ n: 3, lost: 0 })
    // A trial of a whole round that has no line is lost all the same.
    expect(counts(ended('decided', 2))).toEqual([
      ['a', 2, 2, 0],
      ['b', 2, 1, 1],
    ])
    expect(counts(ended('time', 0), trials.slice(0, 1))).toEqual([
      ['a', 1, 1, 0],
      ['b', 0, 0, 0],
    ])
  })

  it('gives no number where nothing was scored', () => {
    const { metrics } = summarise([])
    expect(metrics.tsr).toEqual({ n: 0, events: 0, lost: 6 })
    expect(metrics.costPerTaskUsd).toEqual({ n: 0, unknown: 0 })
    expect(metrics.passHatK).toEqual({})
  })

  it('gives the same bytes whatever the order of arrival', () => {
    const trials = [
      ['a', 1, 'pass'],
      ['b', 1, 'fail'],
      ['a', 2, 'fail'],
      ['b', 2, 'pass'],
    ] as const
    const bytes = (
      order: typeof trials | readonly (readonly [string, number, 'pass' | 'fail'])[],
    ): string =>
      prettyCanonicalJson(asJson(runResult.parse(runResultOf(manifest, summarise(order)))))
    expect(bytes([...trials].reverse())).toBe(bytes(trials))
  })

  it('keeps drafts and quarantined cases out of every number but what was spent', () => {
    const summary = summarise(
      [
        ['a', 1, 'pass'],
        ['a', 2, 'pass'],
        ['a', 3, 'pass'],
        ['b', 1, 'fail'],
      ],
      withCases({ b: { status: 'quarantined' } }),
    )
    const { metrics } = summary
    expect(metrics.tsr).toMatchObject({ rate: 1, n: 3, lost: 0 })
    expect(metrics.violationRate).toMatchObject({ n: 3, lost: 0 })
    expect(metrics.toolCallsPerTask.n).toBe(3)
    expect(metrics.passHatK['3']).toBe(1)
    expect(metrics.spentUsd).toEqual({ agent: 0.08 })
    expect(summary.results.map(({ id, status, failed }) => [id, status, failed])).toEqual([
      ['a', undefined, 0],
      ['b', 'quarantined', 1],
    ])
    expect(runResult.parse(runResultOf(manifest, summary)).cases[1]?.status).toBe('quarantined')
  })

  it('weighs the success rate where the eval set does', () => {
    const weighted = withCases(
      { a: { strata: { language: 'en' } }, b: { strata: { language: 'de' } } },
      { weights: { language: { en: 3, de: 1 } } },
    )
    const trials = [
      ['a', 1, 'pass'],
      ['b', 1, 'fail'],
    ] as const
    expect(summarise(trials, weighted).metrics.tsrWeighted).toEqual({
      language: { rate: 0.75, n: 2, leftOut: 0 },
    })
    expect(summarise(trials.slice(0, 1), weighted).metrics).not.toHaveProperty('tsrWeighted')
    expect(summarise(trials).metrics).not.toHaveProperty('tsrWeighted')
  })
})

describe('runResultOf', () => {
  it('carries the figures of lint, where somebody has looked', () => {
    const lint = { nullAgent: { id: 'silent', passed: 0, scored: 2 } }
    const summary = summarise([['a', 1, 'pass']])
    expect(runResult.parse(runResultOf({ ...manifest, lint }, summary)).lint).toEqual(lint)
    expect(runResultOf(manifest, summary)).not.toHaveProperty('lint')
  })

  it('names no case of a holdout, and keeps its counts', () => {
    const place = { split: 'holdout', file: 'cases/secret.yaml', line: 3 } as const
    const held = withCases({
      a: { ...place, cluster: 'secret', definitionHash: 'sha256:2' },
      b: { ...place, cluster: 'secret', definitionHash: 'sha256:1' },
    })
    const summary = summarise(
      [
        ['a', 1, 'pass'],
        ['a', 2, 'fail'],
        ['b', 1, 'fail'],
      ],
      held,
    )
    const result = runResult.parse(runResultOf(held, summary))
    expect(
      result.cases.map(({ id, cluster, passed, failed }) => [id, cluster, passed, failed]),
    ).toEqual([
      ['holdout-0001', 'holdout-0001', 0, 1],
      ['holdout-0002', 'holdout-0001', 1, 1],
    ])
    for (const one of result.cases) {
      expect(one).toMatchObject({ paths: [], failures: [], split: 'holdout' })
      expect(one).not.toHaveProperty('file')
      expect(one).not.toHaveProperty('line')
    }
    expect(JSON.stringify(result)).not.toContain('secret')
    expect(result.metrics.tsr).toMatchObject({ n: 3, events: 1 })
  })
})

describe('a run with both modes', () => {
  const both = { ...manifest, options: { mode: 'both' } }
  const attack = { layer: 'adversarial', attack: { exposed: true, succeeded: true } } as const
  const robbed = [{ rule: 'payout', proposed: 1, executed: 1, executedTier: 4 as const }]
  const blast = { usd: 20, records: 1, tenants: 0 }

  /** Kept by its controls: what it does without them is robbed of everything. */
  function linesOf(mode: 'enforce' | 'observe'): readonly TrialLine[] {
    const isHeld = mode === 'enforce'
    return [1, 2, 3].map((trial) =>
      aTrialLine({
        case: 'a',
        cluster: 'a',
        definitionHash: 'sha256:0',
        trial,
        mode,
        ...attack,
        ...(isHeld && { attack: { exposed: true, succeeded: false } }),
        outcome: isHeld ? 'pass' : 'fail',
        violations: isHeld ? [{ rule: 'payout', proposed: 1, executed: 0 }] : robbed,
        opportunities: { payout: 1 },
        servedModels: [`gpt-${mode}`],
        costByRole: { agent: 1 },
        ...(!isHeld && { blast }),
      }),
    )
  }

  function summariseBoth(modes: readonly ('enforce' | 'observe')[]): RunSummary {
    const collector = collectHalves('both')
    for (const mode of modes) for (const line of linesOf(mode)) collector.add(line)
    const { observed, rows } = collector.finish()
    return summariseRun(both, rows, { observed })
  }

  const attacked = (): RunSummary => {
    const [alone, whole] = [summariseBoth(['enforce']), summariseBoth(['enforce', 'observe'])]
    // Nothing of what the gate decides on is made from the other half.
    expect(whole.cases).toEqual(alone.cases)
    expect(whole.results).toEqual(alone.results)
    const { spentUsd, ...numbers } = whole.metrics
    expect({ ...numbers, spentUsd: { agent: 3 } }).toEqual(alone.metrics)
    expect(spentUsd).toEqual({ agent: 6 })
    return whole
  }

  it('decides on the half with its controls, and reports the other beside it', () => {
    const summary = attacked()
    expect(summary.servedModels).toEqual(['gpt-enforce', 'gpt-observe'])
    expect(summary.metrics.asr).toMatchObject({ events: 0, n: 3 })
    const { controls } = runResult.parse(runResultOf(both, summary))
    expect(controls).toMatchObject({
      rules: [{ rule: 'payout', opportunities: 3, proposed: 3, executed: 0, prevented: 3, n: 3 }],
      broken: { events: 0, n: 3, lost: 3 },
      propensity: {
        broken: { events: 3, n: 3, lost: 3 },
        asr: { events: 3, n: 3 },
        rules: [{ rule: 'payout', proposed: 3, executed: 3 }],
      },
    })
    // What only the other half reached, nobody reached.
    expect(controls).not.toHaveProperty('blastRadius')
  })

  it('counts what is missing in the other half as lost', () => {
    const { controls } = summariseBoth(['enforce'])
    expect(controls?.propensity).toEqual({ broken: { events: 0, n: 0, lost: 6 }, rules: [] })
  })

  it.each([{ status: 'draft' }, { twinOf: 'a' }] as const)(
    'leaves %o out of both halves',
    (more) => {
      const collector = collectHalves('both')
      for (const line of [...linesOf('enforce'), ...linesOf('observe')]) {
        collector.add(line)
        collector.add({ ...line, case: 'b', ...('twinOf' in more && more) })
      }
      const { observed, rows } = collector.finish()
      const [first, second] = both.cases
      const planned = runManifest.parse({ ...both, cases: [first, { ...second, ...more }] })
      const { controls } = summariseRun(planned, rows, { observed })
      expect([controls?.broken.n, controls?.propensity?.broken.n]).toEqual([3, 3])
      expect(controls?.rules).toMatchObject([{ opportunities: 3 }])
    },
  )

  it('names no trial of a holdout', () => {
    const held = withCases({ a: { split: 'holdout' }, b: { split: 'holdout' } })
    const collector = collectTrials()
    for (const line of linesOf('observe')) collector.add(line)
    const rows = collector.finish()
    const radius = (of: RunManifest): unknown =>
      runResult.parse(runResultOf(of, summariseRun(of, rows))).controls?.blastRadius
    expect(radius(held)).toEqual({ usd: { most: 20 }, records: { most: 1 }, tenants: { most: 0 } })
    expect(radius(manifest)).toMatchObject({ usd: { most: 20, trial: 'a#1' } })
  })
})

it('reads results that were written before controls had figures', () => {
  const { controls, ...before } = runResultOf(manifest, summarise([['a', 1, 'pass']]))
  expect(controls).toBeDefined()
  const counts = Object.entries(before.metrics.counts).filter(([name]) => !newCounts.has(name))
  expect(counts).toHaveLength(12)
  const old = { ...before, metrics: { ...before.metrics, counts: Object.fromEntries(counts) } }
  const read = runResult.parse(old)
  expect(read).not.toHaveProperty('controls')
  expect(read.metrics.counts).toMatchObject({ overrides: 0, blocked: 0 })
})

const newCounts = new Set(['overrides', 'approvalTimeouts', 'modified', 'alerts', 'reviews'])
