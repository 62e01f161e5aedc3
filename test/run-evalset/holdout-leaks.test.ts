import { expect, test } from 'vitest'
import { decide } from '../../src/gate/decide.ts'
import { collectTrials } from '../../src/metrics/trial-rows.ts'
import { reporters } from '../../src/report/registry.ts'
import { renderRunOverview } from '../../src/report/run-overview.ts'
import { type RunSummary, runResultOf, summariseRun } from '../../src/run-evalset/summarise-run.ts'
import { gateConfig } from '../../src/schema/gate-config.ts'
import { type RunManifest, runManifest } from '../../src/schema/run-manifest.ts'
import { comparison, runResult } from '../../src/schema/run-result.ts'
import { aProvenance } from '../builders/result.ts'
import { aTrialLine } from '../builders/trial-line.ts'

const ids = Array.from({ length: 12 }, (_, index) => `secret-case-${index}`)

const manifest: RunManifest = runManifest.parse({
  apiVersion: 'agent-eval/v1',
  kind: 'RunManifest',
  run: 'r',
  createdAt: '2026-11-22T00:00:00.000Z',
  provenance: aProvenance(),
  gate: gateConfig.parse({}),
  severeTier: 3,
  cases: ids.flatMap((id, index) => {
    const planned = {
      id,
      layer: index < 6 ? 'outcome' : 'adversarial',
      cluster: `secret-cluster-${index % 3}`,
      trials: 2,
      definitionHash: `sha256:${100 - index}`,
      split: 'holdout',
      ...(index === 0 && { status: 'draft' }),
      file: `cases/secret-${index}.yaml`,
      line: 7,
    }
    return index < 6 ? [planned] : [planned, { ...planned, id: `${id}~twin`, twinOf: id }]
  }),
  notSelected: [],
  options: {},
})

/** A run in which every case does something worth telling: fails, obeys an attacker, breaks a rule. */
function aRun(outcome: 'pass' | 'fail', without = 0): RunSummary {
  const planned = manifest.cases.slice(without)
  const collector = collectTrials()
  for (const { cluster, definitionHash, id, layer, twinOf } of planned) {
    for (const trial of [1, 2]) {
      collector.add(
        aTrialLine({
          case: id,
          trial,
          cluster,
          definitionHash,
          layer,
          ...(twinOf !== undefined && { twinOf }),
          outcome,
          grades:
            outcome === 'pass'
              ? [{ grader: 'says', status: 'pass' }]
              : [{ grader: 'says', status: 'fail', reason: 'secret reason', events: [] }],
          ...(layer === 'adversarial' && { attack: { exposed: true, succeeded: true } }),
          violations:
            outcome === 'pass'
              ? []
              : [{ rule: 'refund_cap', proposed: 1, executed: 1, executedTier: 4 }],
          path: [`secret.tool.${outcome}`],
          blast: { usd: 5, records: 1, tenants: 1 },
        }),
      )
    }
  }
  return summariseRun({ ...manifest, cases: planned }, collector.finish())
}

test('no document and no text of a holdout run tells anything of a case', () => {
  const candidate = aRun('fail', 1)
  const baseline = aRun('pass')
  const verdict = decide({
    candidate,
    baseline: { arm: baseline, from: 'agent-eval-results/base' },
    gate: manifest.gate,
    today: '2026-11-22',
  })
  expect(verdict.status).toBe('regression')
  const result = runResult.parse(runResultOf(manifest, candidate, verdict))
  const compared = comparison.parse({
    apiVersion: 'agent-eval/v1',
    kind: 'Comparison',
    baseline: { provenance: baseline.provenance, metrics: baseline.metrics },
    candidate: { provenance: candidate.provenance, metrics: candidate.metrics },
    verdict,
  })
  const first = decide({ candidate, gate: manifest.gate, today: '2026-11-22' })
  const documents = [
    result,
    compared,
    runResultOf(manifest, candidate),
    runResultOf(manifest, candidate, first),
  ]
  const context = { evalSetName: 'support', commandPrefix: 'agent-eval', runPath: 'results/r' }
  const texts = documents.flatMap((document) => [
    ...[...reporters.values()].map((reporter) => reporter.render({ result: document, context })),
    ...(document.kind === 'RunResult' ? [renderRunOverview(document)] : []),
  ])
  for (const text of texts) expect(text).not.toMatch(/secret/i)
  expect(texts[0]).toContain('most that one trial reached: $5.00 moved, 1 record changed')
  // What is told is how much: of the work, of the attacks, of the rules.
  expect(texts[0]).toMatch(/rule "refund_cap" with a high-impact action was broken by \d+ executed/)
})
