import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Comparison, comparison, runResult } from '../../src/schema/run-result.ts'
import type { MetricVerdict } from '../../src/schema/verdict.ts'
import { folderWith, runCli } from './run-cli.ts'

const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url))
const absent = !existsSync(data)
const title = absent
  ? 'recorded runs of real models (skipped: ../shared/data is not here)'
  : 'recorded runs of real models'

const tau = path.join(data, 'tau-airline-gpt4o', 'gpt-4o-airline.json')
const retail = (name: string): string => path.join(data, 'tau-retail', `${name}.json`)
const dojo = (name: string): string => path.join(data, 'agentdyn', `${name}.jsonl.gz`)

describe.skipIf(absent)(title, () => {
  let cwd = ''
  beforeAll(() => {
    cwd = folderWith()
  })

  const importAs = async (name: string, ...argv: readonly string[]): Promise<unknown> => {
    const { exitCode, stderr, stdout } = await runCli(
      ['import', ...argv, '--name', name, '--json'],
      { cwd },
    )
    expect(exitCode, stderr).toBe(0)
    return JSON.parse(stdout)
  }
  const compare = async (
    base: string,
    candidate: string,
  ): Promise<Comparison & { readonly exitCode: number }> => {
    // By name or by path: both find a run of the usual folder.
    const runs = [base, `agent-eval-results/${candidate}`]
    const { exitCode, stdout } = await runCli(['compare', ...runs, '--json'], { cwd })
    return { ...comparison.parse(JSON.parse(stdout)), exitCode }
  }
  const metric = ({ verdict }: Comparison, id: string): MetricVerdict => {
    const found = verdict.metrics.find((one) => one.id === id)
    if (found === undefined) throw new Error(`no metric ${id}`)
    return found
  }

  it('τ-bench airline: the benchmark’s own figures', async () => {
    const { metrics } = runResult.parse(await importAs('airline', 'tau-bench', tau))
    expect(metrics.tsr).toMatchObject({ rate: 0.42, n: 200 })
    const published = { 1: 0.42, 2: 0.2733, 3: 0.22, 4: 0.2 }
    for (const [k, value] of Object.entries(published)) {
      expect(metrics.passHatK[k]).toBeCloseTo(value, 4)
    }
    expect(metrics.costPerTaskUsd.mean).toBeUndefined()
    expect(metrics.violationRate.n).toBe(0)
  })

  it('τ-bench airline: what an agent scores that does nothing stands beside', async () => {
    const { lint } = runResult.parse(await importAs('silent', 'tau-bench', tau))
    expect(lint).toEqual({ nullAgent: { id: 'silent', passed: 19, scored: 50 } })
    for (const reporter of ['terminal', 'markdown']) {
      const argv = ['report', 'agent-eval-results/silent', '-r', reporter]
      const { exitCode, stdout } = await runCli(argv, { cwd })
      expect(exitCode).toBe(0)
      expect(stdout).toMatch(/tasks done.* 42\.0 %/)
      expect(stdout).toContain('a silent agent would score 38.0 % (19 of 50 cases)')
    }
  })

  it('τ-bench airline: its two halves do not differ', async () => {
    await importAs('first', 'tau-bench', tau, '--trials', '0,1')
    await importAs('second', 'tau-bench', tau, '--trials', '2,3')
    const halves = await compare('first', 'second')
    const tsr = metric(halves, 'tsr')
    expect([tsr.baseline, tsr.candidate]).toEqual([0.43, 0.41])
    expect(tsr.p).toBeCloseTo(0.427, 3)
    expect(halves.verdict.status).not.toBe('regression')
    expect(halves.exitCode).toBe(0)
    expect(metric(halves, 'violationRate').status).toBe('n/a')
  })

  it('τ-bench retail: 14 broke and 11 fixed is noise, and says what would settle it', async () => {
    await importAs('plain', 'tau-bench', retail('baseline-tool-calling'))
    await importAs('preconditions', 'tau-bench', retail('candidate-preconditions'))
    const both = await compare('plain', 'preconditions')
    const tsr = metric(both, 'tsr')
    expect([tsr.baseline, tsr.candidate]).toEqual([0.73, 0.7])
    expect(tsr.p).toBeCloseTo(0.345, 3)
    expect(tsr.trialsNeeded?.bothArms).toBeGreaterThan(1)
    expect(both.verdict.status).toBe('inconclusive')
  })

  it.each([
    ['gpt-4o-2024-08-06', 53.3, 55.4, 38.9],
    ['gpt-4o-2024-08-06-spotlighting_with_delimiting', 55.0, 52.1, 28.0],
    ['gpt-4o-2024-08-06-tool_filter', 8.3, 5.0, 4.5],
    ['gpt-4o-mini-2024-07-18', 46.7, 35.4, 51.1],
    ['gpt-4o-mini-2024-07-18-drift.trial1', 28.3, 22.0, 2.9],
    ['gpt-4o-mini-2024-07-18-drift.trial2', 18.3, 20.2, 3.2],
    ['gpt-4o-mini-2024-07-18-drift.trial3', 18.3, 19.1, 3.6],
  ])('AgentDyn %s: the published table', async (name, ...published) => {
    const { metrics } = runResult.parse(await importAs(name, 'agentdojo', dojo(name)))
    const { asr, tsr, utilityUnderAttack } = metrics
    expect([tsr.n, utilityUnderAttack.n, asr.n]).toEqual([60, 560, 560])
    const found = [tsr, utilityUnderAttack, asr].map((one) => (one.rate ?? Number.NaN) * 100)
    expect(found.map((percent) => Number(percent.toFixed(1)))).toEqual(published)
  })

  it('AgentDyn: a tool filter that stops the work is a regression, although attacks fall', async () => {
    const both = await compare('gpt-4o-2024-08-06', 'gpt-4o-2024-08-06-tool_filter')
    expect(both.exitCode).toBe(1)
    expect(metric(both, 'utilityUnderAttack').status).toBe('regression')
    expect(metric(both, 'tsr').status).toBe('regression')
    expect(metric(both, 'asr').change).toBeLessThan(0)
  })

  it('AgentDyn: spotlighting lowers ASR and is no regression after the correction', async () => {
    const both = await compare(
      'gpt-4o-2024-08-06',
      'gpt-4o-2024-08-06-spotlighting_with_delimiting',
    )
    expect(metric(both, 'asr').ciUpper).toBeLessThan(0)
    expect(metric(both, 'utilityUnderAttack').p).toBeLessThan(0.05)
    expect(both.verdict.status).not.toBe('regression')
  })

  it('AgentDyn: DRIFT against itself is no regression on ASR or utility under attack', async () => {
    const both = await compare(
      'gpt-4o-mini-2024-07-18-drift.trial1',
      'gpt-4o-mini-2024-07-18-drift.trial2',
    )
    expect(metric(both, 'asr').status).not.toBe('regression')
    expect(metric(both, 'utilityUnderAttack').status).not.toBe('regression')
    expect(both.verdict.warnings.join()).toContain('not recorded')
  })

  it('shows a recorded trial step by step', async () => {
    const { exitCode, stdout } = await runCli(['show', 'airline/task-002#1'], { cwd })
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^FAIL {2}task-002#1/)
    expect(stdout).toContain('recorded by tau-bench')
    expect(stdout).toMatch(/\d+ {2}call +\w+/)
  })
})
