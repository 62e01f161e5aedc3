import { describe, expect, it } from 'vitest'
import { collectTrials } from '../../src/metrics/trial-rows.ts'
import { runResultOf, summariseRun } from '../../src/run-evalset/summarise-run.ts'
import { gateConfig } from '../../src/schema/gate-config.ts'
import { asJson } from '../../src/schema/json.ts'
import { type RunManifest, runManifest } from '../../src/schema/run-manifest.ts'
import { runResult } from '../../src/schema/run-result.ts'
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

function summarise(trials: readonly (readonly [string, number, 'pass' | 'fail'])[]) {
  const collector = collectTrials()
  for (const [id, trial, outcome] of trials) {
    collector.add(aTrialLine({ case: id, trial, outcome, cluster: id }))
  }
  return summariseRun(manifest, collector.finish())
}

describe('summariseRun', () => {
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
})
