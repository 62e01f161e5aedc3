import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { type EndedRun, historyNightOf } from '../../src/gate/history-night.ts'
import { whyNoNight } from '../../src/gate/why-no-night.ts'
import type { CaseStats } from '../../src/schema/case-stats.ts'
import { historyNight } from '../../src/schema/history.ts'
import { type PlannedCase, type RunManifest, runManifest } from '../../src/schema/run-manifest.ts'
import { aCaseStats, attackedStats } from '../builders/case-stats.ts'
import { aProvenance, aRate, someMetrics } from '../builders/result.ts'
import { aVerdict } from '../builders/verdict.ts'

type Manifest = Partial<z.input<typeof runManifest>>

const cases = [aCaseStats({ id: 'a' }), attackedStats({ id: 'b' })]

function planned({
  cluster,
  definitionHash,
  id,
  layer,
  split,
  status,
  twinOf,
}: CaseStats): PlannedCase {
  return {
    ...{ cluster, definitionHash, id, layer, trials: 5 },
    ...(split !== undefined && { split }),
    ...(status !== undefined && { status }),
    ...(twinOf !== undefined && { twinOf }),
  }
}

function aManifest(of: readonly CaseStats[] = cases, changes: Manifest = {}): RunManifest {
  return runManifest.parse({
    apiVersion: 'agent-eval/v1',
    kind: 'RunManifest',
    run: 'support-1',
    createdAt: '2026-03-04T02:13:00.000Z',
    provenance: aProvenance(),
    gate: {},
    severeTier: 3,
    cases: of.map(planned),
    notSelected: [],
    options: { mode: 'enforce' },
    ...changes,
  })
}

function aRun(
  of: readonly CaseStats[] = cases,
  changes: Partial<EndedRun['summary']> = {},
): EndedRun {
  const manifest = aManifest(of)
  const { provenance } = manifest
  const summary = { provenance, cases: of, metrics: someMetrics(), ...changes }
  return { manifest, summary, verdict: aVerdict() }
}

describe('historyNightOf', () => {
  it('keeps what a later night needs to compare itself', () => {
    const night = historyNightOf(aRun(cases, { servedModels: ['gpt-4o-2024-08-06'] }))
    expect(historyNight.parse(night)).toEqual({
      apiVersion: 'agent-eval/v1',
      kind: 'HistoryNight',
      at: '2026-03-04T02:13:00.000Z',
      run: 'support-1',
      tool: 'agent-eval 0.1.0',
      evalSet: { id: 'support', version: '1.3.0', hash: '77b2' },
      casesHash: expect.stringMatching(/^sha256:[0-9a-f]{16}$/) as string,
      candidate: { name: 'support_refund_agent', hash: 'd91e' },
      models: { executor: 'openai:gpt-4o' },
      agentBehind: 'model',
      servedModels: ['gpt-4o-2024-08-06'],
      trials: { planned: 10, scored: 10, lost: 0 },
      metrics: {
        tsr: { value: 116 / 120, n: 120 },
        violationRate: { value: 0, n: 120 },
        costPerTask: { value: 0.022, n: 120 },
      },
      verdict: { status: 'pass', exitCode: 0 },
    })
  })

  it('has a p95 where the run has one, and no number where nothing was measured', () => {
    const metrics = someMetrics({
      tsr: aRate(0, 0),
      costPerTaskUsd: { n: 0, unknown: 120 },
      latencyMs: { n: 240, p50: 1000, p95: 4200 },
    })
    const night = historyNightOf(aRun(cases, { metrics }))
    expect(night.metrics).toEqual({
      violationRate: { value: 0, n: 120 },
      latencyP95: { value: 4200, n: 240 },
    })
  })

  it('says nothing of models that nobody recorded, nor of a verdict that nobody asked for', () => {
    const night = historyNightOf({ ...aRun(), verdict: undefined })
    expect(Object.keys(night)).not.toContain('servedModels')
    expect(Object.keys(night)).not.toContain('verdict')
  })

  it('does not let a server fill the file with names', () => {
    const servedModels = Array.from({ length: 500 }, (_, index) => `m${index}${'x'.repeat(1000)}`)
    const { servedModels: kept = [] } = historyNightOf(aRun(cases, { servedModels }))
    expect(kept).toHaveLength(20)
    expect(Math.max(...kept.map((name) => name.length))).toBe(200)
  })

  it('has one hash for the same questions, whatever else is in the set', () => {
    const hashOf = (of: readonly CaseStats[]): string => historyNightOf(aRun(of)).casesHash
    const usual = hashOf(cases)
    const draft = aCaseStats({ id: 'c', status: 'draft' })
    const twin = aCaseStats({ id: 'b~twin', twinOf: 'b' })
    expect(hashOf([...cases].reverse())).toBe(usual)
    expect(hashOf([...cases, draft, twin])).toBe(usual)
    expect(hashOf([...cases, aCaseStats({ id: 'c' })])).not.toBe(usual)
    expect(hashOf([aCaseStats({ id: 'a', definitionHash: 'other' }), cases[1]!])).not.toBe(usual)
    expect(hashOf([aCaseStats({ id: 'a', status: 'quarantined' }), cases[1]!])).not.toBe(usual)
  })

  it('counts the trials of cases that gate, and those that were lost', () => {
    const lost = [aCaseStats({ id: 'a', scored: 3, invalid: 2 }), cases[1]!]
    const idle = aCaseStats({ id: 'c', status: 'draft', scored: 1, invalid: 4 })
    expect(historyNightOf(aRun([...lost, idle])).trials).toEqual({
      planned: 10,
      scored: 8,
      lost: 2,
    })
  })
})

describe('whyNoNight', () => {
  it('is silent about a whole run, lost trials included', () => {
    expect(whyNoNight(aManifest(), cases)).toBeUndefined()
    const lost = [aCaseStats({ id: 'a', scored: 0, invalid: 5 }), cases[1]!]
    expect(whyNoNight(aManifest(), lost)).toBeUndefined()
  })

  it('is silent about a run that could have ended early and did not', () => {
    const sampling = { maxTrials: 5, firstLook: 2 }
    expect(whyNoNight(aManifest(cases, { sampling }), cases)).toBeUndefined()
  })

  it.each<[string, Manifest]>([
    ['it left out 2 cases', { notSelected: ['c', 'd'] }],
    ['its controls only observed', { options: { mode: 'observe' } }],
    [
      'it ended after 2 of 5 rounds, because it had decided',
      { sampling: { maxTrials: 5, firstLook: 1, stopped: { why: 'decided', rounds: 2 } } },
    ],
    [
      'it ended after 1 of 5 rounds, because time was up',
      { sampling: { maxTrials: 5, firstLook: 1, stopped: { why: 'time', rounds: 1 } } },
    ],
  ])('%s', (why, changes) => {
    expect(whyNoNight(aManifest(cases, changes), cases)).toBe(why)
  })

  it.each(['holdout', 'dev'] as const)('it is of the %s split', (split) => {
    const of = [aCaseStats({ id: 'a', split })]
    expect(whyNoNight(aManifest(of), of)).toBe(`it is of the ${split} split`)
  })

  it('no case of it gates', () => {
    const of = [aCaseStats({ id: 'a', status: 'draft' })]
    expect(whyNoNight(aManifest(of), of)).toBe('no case of it gates')
  })

  it('counts trials that were never finished, those of a missing case as well', () => {
    const of = [aCaseStats({ id: 'a', scored: 2, incomplete: 3 })]
    expect(whyNoNight(aManifest(), of)).toBe('8 of its trials have not finished')
  })
})
