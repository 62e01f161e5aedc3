import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { AgentEvalError } from '../../src/errors.ts'
import { type FinishedRun, poolRuns } from '../../src/gate/pool-runs.ts'
import { collectTrials } from '../../src/metrics/trial-rows.ts'
import { summariseRun } from '../../src/run-evalset/summarise-run.ts'
import { type RunManifest, runManifest } from '../../src/schema/run-manifest.ts'
import type { TrialLine } from '../../src/schema/trial.ts'
import { aProvenance } from '../builders/result.ts'
import { aTrialLine } from '../builders/trial-line.ts'

type Origin = Parameters<typeof aProvenance>[0]

function aManifest(trials: number, origin: Origin, ids = ['refund.full']): RunManifest {
  const cases: z.input<typeof runManifest>['cases'] = ids.map((id) => ({
    id,
    layer: 'outcome',
    cluster: id,
    definitionHash: 'abc',
    trials,
  }))
  return runManifest.parse({
    apiVersion: 'agent-eval/v1',
    kind: 'RunManifest',
    run: `run-${origin?.seed ?? 1}`,
    createdAt: '2026-09-30T10:00:00Z',
    provenance: aProvenance(origin),
    gate: {},
    severeTier: 3,
    cases,
    notSelected: [],
    options: { mode: 'enforce' },
  })
}

/** A run of one case: what each of its trials differs in. */
function aRun(lines: readonly Partial<TrialLine>[], origin: Origin = {}): FinishedRun {
  const collector = collectTrials()
  const seed = origin.seed ?? 1
  lines.forEach((line, index) => {
    collector.add(aTrialLine({ trial: index + 1, seed: seed * 1000 + index, ...line }))
  })
  return { manifest: aManifest(lines.length, origin), rows: collector.finish() }
}

function summaryOf({ manifest, rows }: FinishedRun): ReturnType<typeof summariseRun> {
  return summariseRun(manifest, rows)
}

function refusal(runs: readonly FinishedRun[]): AgentEvalError {
  try {
    poolRuns(runs)
  } catch (error) {
    if (error instanceof AgentEvalError) return error
    throw error
  }
  throw new Error('they were pooled')
}

const long = { path: ['read', 'write'], trajectoryHash: 'long' }
const short = { path: ['write'], trajectoryHash: 'short' }
const failed = {
  outcome: 'fail' as const,
  grades: [{ grader: 'effects', status: 'fail' as const, reason: 'nothing happened', events: [] }],
}

describe('poolRuns', () => {
  const first = aRun([long, { ...short, costUsd: 0.01 }, { ...long, ...failed }])
  const second = aRun([short, { ...short, ...failed, elapsedMs: 500 }], { seed: 2 })

  it('counts as one run of all trials would', () => {
    const [pooled] = summaryOf(poolRuns([first, second])).cases
    expect(pooled).toMatchObject({
      scored: 5,
      passed: 3,
      incomplete: 0,
      seeds: 5,
      trajectories: 2,
      latenciesMs: [500, 1000, 1000, 1000, 1000],
      paths: [
        { path: ['write'], count: 3 },
        { path: ['read', 'write'], count: 2 },
      ],
      failures: [{ grader: 'effects', reason: 'nothing happened', count: 2 }],
    })
    expect(pooled?.costUsd?.n).toBe(5)
    expect(pooled?.costUsd?.sum).toBeCloseTo(0.09)
    expect(pooled?.lnCost?.mean).toBeCloseTo((4 * Math.log(0.02) + Math.log(0.01)) / 5)
  })

  it('gives the same whatever the order, and one run as it is', () => {
    expect(poolRuns([second, first])).toEqual(poolRuns([first, second]))
    expect(poolRuns([first])).toEqual(first)
  })

  it('tells attempts of a trial from trials of the next run', () => {
    const retried = aRun([{ outcome: 'invalid' }, {}], { seed: 3 })
    const again = aTrialLine({ trial: 1, attempt: 2 })
    const collector = collectTrials()
    for (const line of [aTrialLine({ outcome: 'invalid' }), again]) collector.add(line)
    const oneTrial = { manifest: aManifest(1, {}), rows: collector.finish() }
    const [pooled] = summaryOf(poolRuns([oneTrial, retried])).cases
    expect(pooled).toMatchObject({ scored: 2, passed: 2, invalid: 1, incomplete: 0 })
  })

  it('counts a trial that a run lost as lost', () => {
    const cut = { ...aRun([long], { seed: 2 }), manifest: aManifest(3, { seed: 2 }) }
    expect(summaryOf(poolRuns([first, cut])).cases[0]).toMatchObject({ scored: 4, incomplete: 2 })
  })

  it('refuses runs that share a seed: their trials are the same', () => {
    const error = refusal([second, first, aRun([long], { seed: 2 })])
    expect(error.message).toBe('two of these runs have the seed 2: their trials are the same')
    expect(error.exitCode).toBe(2)
  })

  it.each<[string, Origin]>([
    ['their agent', { candidate: { ...aProvenance().candidate, hash: 'other' } }],
    ['their agent', { agentBehind: 'recorded' }],
    ['their eval set', { evalSet: { ...aProvenance().evalSet, hash: 'other' } }],
    ['the version of agent-eval', { tool: '0.2.0' }],
  ])('refuses runs that differ in %s', (what, origin) => {
    const error = refusal([first, aRun([long], { ...origin, seed: 2 })])
    expect(error.message).toBe(`runs run-1 and run-2 differ in ${what}`)
  })

  it('refuses no run at all', () => {
    expect(refusal([]).message).toBe('there is no run to pool')
  })
})
