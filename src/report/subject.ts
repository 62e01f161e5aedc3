import type { ComparedFigures } from '../schema/compared-figures.ts'
import { byStanding } from '../schema/deciding-cases.ts'
import type { JudgeSummary } from '../schema/judge.ts'
import type { LintFigures } from '../schema/lint-figures.ts'
import type { Provenance } from '../schema/run-manifest.ts'
import type { RunMetrics } from '../schema/run-metrics.ts'
import type { CaseResult, Comparison, ControlMetrics, RunResult } from '../schema/run-result.ts'
import type { IdleCase, Verdict } from '../schema/verdict.ts'

/** What is reported on, whichever document it comes from. */
export interface Subject {
  readonly verdict: Verdict | undefined
  /** Of a run that nobody decides: why it ended before its last trial. */
  readonly stopped?: RunResult['stopped']
  readonly candidate: Provenance
  readonly baseline: Provenance | undefined
  readonly metrics: RunMetrics | undefined
  /** What both arms came to on the cases that they share, where the baseline's are known. */
  readonly figures?: ComparedFigures | undefined
  /** What the controls did in the run. */
  readonly controls: ControlMetrics | undefined
  /** What a judge did in the run. */
  readonly judge: JudgeSummary | undefined
  /** How the yardstick was shown to be able to fail. */
  readonly lint: LintFigures | undefined
  /** The split that the numbers are over; `undefined` is the gate's. */
  readonly split: Verdict['split']
  /**
   * The cases that the numbers are over. Empty for a comparison: it knows only the cases that moved.
   */
  readonly cases: readonly CaseResult[]
  /** Those of them that are shown one by one: of a holdout none. */
  readonly shown: readonly CaseResult[]
  /** What ran beside them and does not gate. */
  readonly idle: readonly IdleCase[]
}

export function subjectOf(result: RunResult | Comparison): Subject {
  return result.kind === 'Comparison' ? ofComparison(result) : ofRun(result)
}

function ofComparison(result: Comparison): Subject {
  const { baseline, candidate, verdict } = result
  return {
    verdict,
    candidate: candidate.provenance,
    baseline: baseline.provenance,
    metrics: candidate.metrics,
    figures: verdict.figures,
    controls: undefined,
    judge: undefined,
    lint: undefined,
    split: verdict.split,
    cases: [],
    shown: [],
    idle: verdict.cases.idle ?? [],
  }
}

function ofRun(result: RunResult): Subject {
  const { cases, controls, judge, lint, metrics, provenance, stopped, verdict } = result
  const { deciding, idle, split } = byStanding(cases)
  return {
    verdict,
    stopped,
    candidate: provenance,
    baseline: undefined,
    metrics,
    figures: verdict?.figures,
    controls,
    judge,
    lint,
    split,
    cases: deciding,
    shown: split === 'holdout' ? [] : deciding,
    idle: idle.filter(({ twinOf }) => twinOf === undefined).map(idleCase),
  }
}

function idleCase({ id, passed, scored, status }: CaseResult): IdleCase {
  return { id, why: status ?? 'dev', passed, scored }
}
