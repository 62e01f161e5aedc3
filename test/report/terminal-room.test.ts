import { describe, expect, test } from 'vitest'
import { showProgress } from '../../src/cli/progress/show-progress.ts'
import type { ReportInput } from '../../src/report/reporter.ts'
import { terminal } from '../../src/report/terminal/terminal.ts'
import { aRuleMetric, someControls } from '../builders/controls.ts'
import { aCaseResult, aComparison, aRate, aRunResult, someMetrics } from '../builders/result.ts'
import { aTrialLine } from '../builders/trial-line.ts'
import { aFact, aMetric, aMovedCase, aVerdict } from '../builders/verdict.ts'
import { fakeTerminal } from '../cli/terminal/fake-terminal.ts'
import * as examples from './examples.ts'

const { context } = examples.pass
type Changes = Parameters<typeof aTrialLine>[0]
/** Everything that can go wrong, at once, in so many cases that are all called alike. */
function worst(long: string): Readonly<Record<string, ReportInput>> {
  const ids = Array.from({ length: 428 }, (_, at) => `${long}${at}`)
  const reasonOf = (at: number): string =>
    `calls ${'abcdefghijklmnopqrstuvwxyz'.charAt(at / 17)}: payments.issue_refund was called too often, and far from where ${long} expects it`

  const moved = ids.map((id, at) =>
    aMovedCase({
      id,
      attackSuccesses: { baseline: 0, candidate: 5 },
      violationTrials: { baseline: 0, candidate: 5 },
      firstFailure: { grader: 'calls', reason: reasonOf(at), count: 5 },
      baselinePath: { path: ids.slice(0, 30), count: 5 },
      candidatePath: { path: ids.slice(at, at + 30), count: 5 },
    }),
  )
  const cases = ids.map((id, at) =>
    aCaseResult({
      id,
      passed: 0,
      failed: 5,
      attacked: 5,
      attackSuccesses: 5,
      judged: 5,
      violationTrials: 5,
      violationsByRule: { [`rule.${long}${at}`]: { proposed: 5, executed: 5 } },
      failures: [{ grader: 'calls', reason: reasonOf(at), count: 5 }],
      file: `evalsets/${long}/cases/${Math.floor(at / 20)}.yaml`,
      line: at + 1,
    }),
  )
  const rules = ids.map((id, at) =>
    aRuleMetric({ rule: `rule.${id}`, tier: 3, proposed: 9_000 + at, executed: 8_000 }),
  )
  const controls = someControls({ rules, propensity: { broken: aRate(1900, 1900), rules } })
  const routes = ['small', `large.${long}`].map((tier) => ({
    tier,
    trials: 1900,
    share: 0.5,
    tsr: aRate(0, 1900),
    costPerTaskUsd: { n: 1900, unknown: 12, mean: 0.0123 },
  }))
  const metrics = someMetrics({ tsr: aRate(0, 1900), routes })
  const facts = ids
    .slice(0, 40)
    .map((id) =>
      aFact({ message: `rule "rule.${id}" was broken by 5 executed calls`, cases: [id] }),
    )
  const texts = ids.map(
    (id) => `${id}: 5 of 5 trials have no result, for a reason that takes a line`,
  )

  const input = (
    verdict: Parameters<typeof aVerdict>[0],
    changes: Parameters<typeof aRunResult>[0] = {},
  ): ReportInput => {
    const result = aRunResult({ cases, metrics, controls, verdict: aVerdict(verdict), ...changes })
    return { result, context }
  }

  const lists = { moved, added: ids, removed: ids, changed: ids }
  return {
    regression: input({
      status: 'regression',
      exitCode: 1,
      metrics: [aMetric({ status: 'regression' }), aMetric({ id: 'asr', status: 'regression' })],
      facts,
      warnings: texts,
      cases: lists,
      inputsChanged: ids,
      diagnostics: {
        broken: ids,
        fixed: [],
        flaky: [],
      },
    }),
    error: input({
      status: 'error',
      exitCode: 4,
      missingEvidence: texts,
      warnings: texts,
      cases: lists,
    }),
    inconclusive: input({ status: 'inconclusive', exitCode: 3, warnings: texts, cases: lists }),
    'first run': input({ firstRun: true, baseline: undefined, facts: [], metrics: [] }),
    'no verdict': { result: aRunResult({ cases, metrics, controls, verdict: undefined }), context },
    comparison: {
      result: aComparison({
        verdict: aVerdict({ status: 'regression', exitCode: 1, facts, cases: lists }),
      }),
      context,
    },
  }
}

const longName = 'refund.of-a-very-long-name-that-somebody-thought-of.'
const usualName = 'refund.rest-of-order.'
const ids = Array.from({ length: 428 }, (_, at) => `${usualName}${at}`)

/** To be pasted, or opened with a click: broken, neither would work. */
const isWhole = (line: string): boolean =>
  line.includes('npx agent-eval') || /^ *\S+\.yaml(?::\d+)?$/.test(line)

describe('a report of hundreds of cases that all went wrong', () => {
  test.each(Object.entries(worst(longName)))('fits 80 columns: %s', (_, one) => {
    const lines = terminal.render(one).split('\n')
    expect(lines.filter((line) => Array.from(line).length > 80 && !isWhole(line))).toEqual([])
  })

  const bad = {
    fail: { outcome: 'fail' },
    lost: { outcome: 'invalid' },
    robbed: { attack: { succeeded: true }, violations: [{ rule: 'a', proposed: 1, executed: 1 }] },
  } as const
  test.each(
    Object.entries(worst(usualName)).flatMap(([name, one]) =>
      Object.entries(bad).map(([how, row]) => [name, how, one, row] as const),
    ),
  )('is a log of under 200 lines and no escape codes: %s, all %s', (_state, _how, one, row) => {
    const job = fakeTerminal({ isTTY: true, env: { CI: 'true' } })
    const open = new Map(ids.map((id) => [id, { trials: 1 }]))
    const progress = showProgress(job.io, { open, quiet: false, spentUsd: () => 1 })
    for (const id of ids) {
      progress.finished(
        { id, name: id, trial: 1 },
        aTrialLine({ case: id, ...structuredClone(row) } as Changes),
      )
    }
    progress.end()
    const log = job.writes.join('') + terminal.render(one)
    expect(log.split('\n').length).toBeLessThan(200)
    expect(log).not.toContain('\u001b')
    expect(log).not.toContain('::group::')
  })
})
