import type { ReportInput } from '../../src/report/reporter.ts'
import type { RunResult } from '../../src/schema/run-result.ts'
import { aRuleMetric, someControls } from '../builders/controls.ts'
import { aCaseResult, aProvenance, aRate, aRunResult, someMetrics } from '../builders/result.ts'
import { aFact, aMetric, aMovedCase, aVerdict } from '../builders/verdict.ts'

/** Text in every place of a result that a model, a tool, a case or a foreign file can fill. */
export function hostileResult(text: string): RunResult {
  const path = { path: [text, 'a', text], count: 3 }
  return aRunResult({
    provenance: aProvenance({
      tool: text,
      evalSet: { id: 'support', version: text, hash: text },
      candidate: { ...aProvenance().candidate, name: text, models: { [text]: text } },
    }),
    cases: [
      aCaseResult({
        id: text,
        passed: 0,
        violationTrials: 1,
        violationsByRule: { rule: { proposed: 1, executed: 1 } },
        file: text,
        line: 3,
        failures: [{ grader: text, reason: text, count: 5 }],
      }),
    ],
    metrics: someMetrics({
      unpricedModels: [text],
      routes: [
        {
          tier: text,
          trials: 5,
          share: 1,
          tsr: aRate(0, 5),
          costPerTaskUsd: { n: 0, unknown: 5 },
        },
      ],
    }),
    controls: someControls({
      rules: [aRuleMetric({ proposed: 1 })],
      blastRadius: {
        usd: { most: 1, trial: text },
        records: { most: 1, trial: text },
        tenants: { most: 1, trial: text },
      },
    }),
    verdict: aVerdict({
      status: 'regression',
      exitCode: 1,
      metrics: [
        aMetric({ status: 'regression', note: text }),
        aMetric({ id: 'costPerTask', status: 'inconclusive', note: text }),
      ],
      facts: [
        aFact({ message: text, cases: [text], rule: 'rule' }),
        aFact({ message: text, cases: [text], waivedBy: text }),
      ],
      missingEvidence: [text],
      warnings: [text],
      inputsChanged: [text],
      baseline: { name: text, from: `git:${text}`, hash: text },
      cases: {
        moved: [
          aMovedCase({
            id: text,
            firstFailure: { grader: text, reason: text, count: 5 },
            baselinePath: path,
            candidatePath: { path: [text], count: 2 },
          }),
        ],
        added: [text],
        removed: [text],
        changed: [text],
      },
    }),
  })
}

/** The same with a context in which everything foreign is hostile, too. */
export function hostileInput(text: string): ReportInput {
  return {
    result: hostileResult(text),
    context: {
      evalSetName: text,
      commandPrefix: 'npx agent-eval',
      runPath: text,
      caseFileUrl: 'https://host/blob/1',
      commit: text,
      runUrl: text,
      note: text,
    },
  }
}
