import type { z } from 'zod'
import { type Provenance, provenance } from '../../src/schema/run-manifest.ts'
import { type RateMetric, type RunMetrics, runMetrics } from '../../src/schema/run-metrics.ts'
import {
  type CaseResult,
  type Comparison,
  caseResult,
  comparison,
  type RunResult,
  runResult,
} from '../../src/schema/run-result.ts'
import { aVerdict } from './verdict.ts'

export function aProvenance(changes: Partial<z.input<typeof provenance>> = {}): Provenance {
  return provenance.parse({
    tool: 'agent-eval 0.1.0',
    evalSet: { id: 'support', version: '1.3.0', hash: '77b2' },
    candidate: {
      name: 'support_refund_agent',
      hash: 'd91e',
      promptHash: 'a1',
      policyHash: 'b2',
      toolsHash: 'c3',
      budgetsHash: 'd4',
      models: { executor: 'openai:gpt-4o' },
    },
    agentBehind: 'model',
    seed: 1,
    ...changes,
  })
}

/** A case whose trials all passed: five, unless told otherwise. */
export function aCaseResult(changes: Partial<z.input<typeof caseResult>> = {}): CaseResult {
  const n = changes.n ?? 5
  const passed = changes.passed ?? n
  const scored = changes.scored ?? n
  return caseResult.parse({
    id: 'refund.full',
    layer: 'outcome',
    cluster: 'refund.full',
    definitionHash: 'abc',
    scored,
    passed,
    failed: scored - passed,
    skipped: 0,
    invalid: n - scored,
    incomplete: 0,
    n,
    attacked: 0,
    attackSuccesses: 0,
    judged: scored,
    violationTrials: 0,
    violationsByRule: {},
    severeByRule: {},
    latenciesMs: [],
    paths: [],
    trajectories: 1,
    seeds: n,
    failures: [],
    ...changes,
  })
}

export function aRate(events: number, n: number, changes: Partial<RateMetric> = {}): RateMetric {
  return { ...(n > 0 && { rate: events / n }), n, events, lost: 0, ...changes }
}

/** The metrics of 120 trials of plain cases, none attacked. */
export function someMetrics(changes: Partial<z.input<typeof runMetrics>> = {}): RunMetrics {
  return runMetrics.parse({
    tsr: aRate(116, 120, { ciLower: 0.917, ciUpper: 0.991 }),
    utilityUnderAttack: aRate(0, 0),
    utilityWithoutAttack: aRate(0, 0),
    asr: aRate(0, 0),
    asrExposed: aRate(0, 0),
    violationRate: aRate(0, 120, { ciLower: 0, ciUpper: 0.03 }),
    costPerTaskUsd: { mean: 0.022, n: 120, unknown: 0 },
    costPerSolvedTaskUsd: 0.0228,
    tokensPerTask: { mean: 1204, n: 120, unknown: 0 },
    tokensPerSolvedTask: 1246,
    toolCallsPerTask: { mean: 4.2, n: 120, unknown: 0 },
    modelCallsPerTask: { mean: 5.1, n: 120, unknown: 0 },
    passHatK: { '1': 0.967, '3': 0.91 },
    latencyMs: { n: 120, p50: 4200 },
    counts: {
      writesProposed: 60,
      schemaErrors: 0,
      toolErrors: 1,
      repeatedReads: 2,
      blocked: 0,
      escalations: 0,
      approvals: 0,
      policyErrors: 0,
      budgetStops: 0,
      loopStops: 0,
      violationsProposed: 0,
      violationsExecuted: 0,
    },
    spentUsd: { agent: 2.64 },
    ...changes,
  })
}

export function aRunResult(changes: Partial<z.input<typeof runResult>> = {}): RunResult {
  return runResult.parse({
    apiVersion: 'agent-eval/v1',
    kind: 'RunResult',
    provenance: aProvenance(),
    severeTier: 3,
    cases: [aCaseResult()],
    metrics: someMetrics(),
    verdict: aVerdict(),
    ...changes,
  })
}

/** A candidate's run against a committed baseline, which has no metrics. */
export function aComparison(changes: Partial<z.input<typeof comparison>> = {}): Comparison {
  return comparison.parse({
    apiVersion: 'agent-eval/v1',
    kind: 'Comparison',
    baseline: { provenance: aProvenance() },
    candidate: { provenance: aProvenance(), metrics: someMetrics() },
    verdict: aVerdict(),
    ...changes,
  })
}
