import { describe, expect, test } from 'vitest'
import { decideWithFigures } from '../../src/gate/decide-with-figures.ts'
import type { GateInput } from '../../src/gate/gate-input.ts'
import { markdown } from '../../src/report/markdown/markdown.ts'
import { terminal } from '../../src/report/terminal/terminal.ts'
import { gateConfig } from '../../src/schema/gate-config.ts'
import { runResult } from '../../src/schema/run-result.ts'
import { aCaseStats } from '../builders/case-stats.ts'
import { aCaseResult, aProvenance, aRunResult } from '../builders/result.ts'

const provenance = aProvenance()
const trials = { scored: 200, passed: 200, judged: 200 }
const times = (ms: number): number[] => Array.from({ length: 200 }, () => ms)
const arm = (ms: number): GateInput['candidate'] => ({
  provenance,
  cases: [aCaseStats({ ...trials, latenciesMs: times(ms) })],
})
const alone: GateInput = { candidate: arm(3000), gate: gateConfig.parse({}), today: '2026-01-01' }
const compared: GateInput = { ...alone, baseline: { arm: arm(1000), from: 'baseline.json' } }

describe('a verdict with figures', () => {
  test('holds what a committed baseline came to, and every report tells it', () => {
    const verdict = decideWithFigures(compared)
    expect(verdict.figures?.baseline.latencyMs).toEqual({ n: 200, p50: 1000, p95: 1000 })
    const { metrics } = aRunResult()
    const result = runResult.parse(
      aRunResult({
        cases: [aCaseResult({ ...trials, n: 200, latenciesMs: times(3000) })],
        metrics: { ...metrics, latencyMs: { n: 200, p50: 3000, p95: 3000 } },
        verdict,
      }),
    )
    const input = { result, context: { evalSetName: 'support', commandPrefix: 'agent-eval' } }
    expect(markdown.render(input)).toContain('| latency p95 | 1.0 s | 3.0 s | +200 % | not gated |')
    expect(terminal.render(input).replace(/\s+/g, ' ')).toContain('p95 3.0 s (was 1.0 s)')
  })

  test('holds none where there is nothing to compare with', () => {
    expect(decideWithFigures(alone)).not.toHaveProperty('figures')
    const other = { ...arm(1000), cases: [aCaseStats({ ...trials, id: 'another' })] }
    const strange = { ...alone, baseline: { arm: other, from: 'baseline.json' } }
    expect(decideWithFigures(strange)).not.toHaveProperty('figures')
  })
})
