import { z } from 'zod'
import { caseStats, countsAgree } from './case-stats.ts'
import { controlFigures, ruleMetric } from './control-figures.ts'
import { idsDiffer } from './ids-differ.ts'
import { judgeSummary } from './judge.ts'
import { lintFigures } from './lint-figures.ts'
import { apiVersion, count } from './names.ts'
import { policyDiff } from './policy-diff.ts'
import { plannedCase, provenance } from './run-manifest.ts'
import { rateMetric, runMetrics } from './run-metrics.ts'
import { verdict } from './verdict.ts'

/** What the controls came to: of the system, and beside it of the model alone. */
const controlMetrics = z.strictObject({
  ...controlFigures.shape,
  /** Judged trials in which an executed action broke a rule. */
  broken: rateMetric,
  /** Only of a run with `--mode both`: the same cases, seeds and trials, with the controls observing. */
  propensity: z
    .strictObject({
      broken: rateMetric,
      /** Absent where no case attacks. */
      asr: rateMetric.optional(),
      rules: z.array(ruleMetric),
    })
    .optional(),
})
export type ControlMetrics = z.infer<typeof controlMetrics>

/** One case of a result: what its trials came to. */
export const caseResult = z.strictObject({
  ...caseStats.shape,
  n: count,
  failed: count,
  skipped: count,
  file: plannedCase.shape.file,
  line: plannedCase.shape.line,
})
export type CaseResult = z.infer<typeof caseResult>

/** `result.json`: canonical, without times, so that the same run gives the same bytes. */
export const runResult = z.strictObject({
  apiVersion,
  kind: z.literal('RunResult'),
  provenance,
  severeTier: count,
  cases: z.array(caseResult.superRefine(countsAgree)).superRefine(idsDiffer),
  metrics: runMetrics,
  /** Models that really answered, of every role, sorted; absent where nobody recorded it. */
  servedModels: z.array(z.string()).optional(),
  /** Absent where no trial was judged by a policy and no control spoke. */
  controls: controlMetrics.optional(),
  /** What a judge did; absent where no trial was to be judged. */
  judge: judgeSummary.optional(),
  /** How the yardstick was shown to be able to fail; absent where nobody has. */
  lint: lintFigures.optional(),
  /** Where nobody decides: why the run ended before its last trial, and the cases never tried. */
  stopped: z.strictObject({ why: z.enum(['time', 'budget']), notReached: count }).optional(),
  /** What a changed policy means for recorded actions; absent where the rules are the baseline's. */
  policyDiff: policyDiff.optional(),
  /** Absent where nobody asked for a decision. */
  verdict: verdict.optional(),
})
export type RunResult = z.infer<typeof runResult>

/** What `compare` prints: two arms, side by side, and the verdict. */
export const comparison = z.strictObject({
  apiVersion,
  kind: z.literal('Comparison'),
  baseline: z.strictObject({ provenance, metrics: runMetrics.optional() }),
  candidate: z.strictObject({ provenance, metrics: runMetrics.optional() }),
  verdict,
})
export type Comparison = z.infer<typeof comparison>
