import { z } from 'zod'
import { comparedFigures } from './compared-figures.ts'
import { gatedMetricId } from './gate-config.ts'
import { count } from './names.ts'
import { plannedCase } from './run-manifest.ts'
import {
  autonomyEarned,
  caseDiagnostics,
  ruleChange,
  sliceFinding,
  unpairedCase,
} from './verdict-findings.ts'

const verdictStatus = z.enum(['pass', 'regression', 'inconclusive', 'error'])
export type VerdictStatus = z.infer<typeof verdictStatus>

/**
 * What one gated metric says. `unproven`: nothing got worse, but the sample is too small to prove
 * the margin. `n/a`: neither arm had an opportunity.
 */
export const metricStatus = z.enum(['pass', 'regression', 'inconclusive', 'unproven', 'n/a'])
export type MetricStatus = z.infer<typeof metricStatus>

/**
 * One metric of a verdict. Rates are shares and `change` is candidate − baseline; for amounts and
 * tails `change`, `ciLower`, `ciUpper`, `margin` and `mde` are ratios candidate / baseline.
 */
export const metricVerdict = z.strictObject({
  id: gatedMetricId,
  status: metricStatus,
  kind: z.enum(['rate', 'amount', 'tail']),
  /** Which side is bad. */
  worse: z.enum(['lower', 'higher']),
  unit: z.enum(['trial', 'case', 'deterministic']),
  baseline: z.number().optional(),
  candidate: z.number().optional(),
  nBaseline: count,
  nCandidate: count,
  change: z.number().optional(),
  ciLower: z.number().optional(),
  ciUpper: z.number().optional(),
  /** The same change with the other unit, for readers who hold the cases to be a sample. */
  otherUnit: z
    .strictObject({
      unit: z.enum(['trial', 'case']),
      ciLower: z.number(),
      ciUpper: z.number(),
      p: z.number(),
    })
    .optional(),
  /** The change if every lost trial had gone one way, and the other. */
  worstLower: z.number().optional(),
  worstUpper: z.number().optional(),
  /** One-sided; `pHolm` after correction over the live gated metrics. */
  p: z.number().optional(),
  pHolm: z.number().optional(),
  margin: z.number(),
  /** Smallest drop that this run would have found four times out of five. */
  mde: z.number().optional(),
  trialsNeeded: z
    .strictObject({ bothArms: count.optional(), candidateOnly: count.optional() })
    .optional(),
  /** A pass although the drop is real. */
  smallRealDrop: z.boolean().optional(),
  /** Of money: the whole bill as a ratio, which one runaway case can move; reported beside the typical ratio. */
  ofMeans: z
    .strictObject({
      ratio: z.number(),
      ciLower: z.number().optional(),
      ciUpper: z.number().optional(),
    })
    .optional(),
  /** The k that a pass^k is for. */
  k: z.int().positive().optional(),
  note: z.string().optional(),
})
export type MetricVerdict = z.infer<typeof metricVerdict>

/** Something that needs no statistics. */
export const fact = z.strictObject({
  kind: z.enum(['severe-violation', 'zero-tolerance', 'limit']),
  /** In words, with the case or rule. */
  message: z.string(),
  cases: z.array(z.string()),
  rule: z.string().optional(),
  /** Whom it harmed, each once, and for how much if every case ran once. */
  harm: z.strictObject({ who: z.array(z.string()), usd: z.number().min(0).optional() }).optional(),
  /** The waiver that takes its force, if one does. */
  waivedBy: z.string().optional(),
})
export type Fact = z.infer<typeof fact>

/** One case that moved: counts in both arms and the first failing check in words. */
export const movedCase = z.strictObject({
  id: z.string(),
  layer: z.string(),
  baselinePassed: count,
  baselineScored: count,
  candidatePassed: count,
  candidateScored: count,
  direction: z.enum(['worse', 'better']),
  attackSuccesses: z.strictObject({ baseline: count, candidate: count }).optional(),
  /** Trials with a violation, both arms. */
  violationTrials: z.strictObject({ baseline: count, candidate: count }).optional(),
  firstFailure: z.strictObject({ grader: z.string(), reason: z.string(), count }).optional(),
  baselinePath: z.strictObject({ path: z.array(z.string()), count }).optional(),
  candidatePath: z.strictObject({ path: z.array(z.string()), count }).optional(),
})
export type MovedCase = z.infer<typeof movedCase>

/** A case that ran and does not gate, with what its trials came to. */
const idleCase = z.strictObject({
  id: z.string(),
  why: z.enum(['draft', 'quarantined', 'dev']),
  passed: count,
  scored: count,
})
export type IdleCase = z.infer<typeof idleCase>

export const verdict = z.strictObject({
  status: verdictStatus,
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(3), z.literal(4)]),
  preset: z.enum(['pr', 'release']),
  alpha: z.number(),
  /** Nothing to compare with: only facts and absolute limits were judged. */
  firstRun: z.boolean(),
  /** The split that was decided on. Absent: the gate's. Of a holdout no case is named anywhere. */
  split: plannedCase.shape.split,
  metrics: z.array(metricVerdict),
  /** Every number that both arms know, decided on or not; absent where nothing was compared. */
  figures: comparedFigures.optional(),
  facts: z.array(fact),
  /** Why evidence is missing, in words; not empty exactly when that made the verdict `error`. */
  missingEvidence: z.array(z.string()),
  /** What a reader must know beside the verdict: exposure, lost trials, a small real drop. */
  warnings: z.array(z.string()),
  pairedCases: count,
  cases: z.strictObject({
    moved: z.array(movedCase),
    added: z.array(z.string()),
    removed: z.array(z.string()),
    changed: z.array(z.string()),
    /** Gated in the baseline and do not any more: they count like removed ones. */
    suspended: z.array(z.string()).optional(),
    /** Ran beside the cases that gate. */
    idle: z.array(idleCase).optional(),
    /** All of the four lists above, each with what is known of it. */
    unpaired: z.array(unpairedCase).optional(),
  }),
  /** Absent on a first run and of a holdout. */
  diagnostics: caseDiagnostics.optional(),
  /** Slices that are worth a look, or that gate; worst first. Absent on a first run. */
  slices: z.array(sliceFinding).optional(),
  autonomy: autonomyEarned.optional(),
  /** The same comparison with the last release, so that small drops do not add up unseen. */
  anchor: z
    .strictObject({ name: z.string(), from: z.string(), metrics: z.array(metricVerdict) })
    .optional(),
  /** Where the rules came from, if not from the tree under test, and what differs there. */
  rules: z.strictObject({ from: z.string(), changes: z.array(ruleChange) }).optional(),
  /** A run that may end early: this look, and what of the error budget it may spend. */
  sampling: z
    .strictObject({
      rounds: count,
      maxRounds: count,
      alpha: z.number(),
      stopped: z.enum(['decided', 'time', 'budget']).optional(),
      /** Cases without a trial, because time was up or the money was spent. */
      notReached: count,
    })
    .optional(),
  /** A regression that was measured again with fresh trials of both arms. */
  confirmation: z
    .strictObject({
      first: verdictStatus,
      second: verdictStatus,
      firstMetrics: z.array(metricVerdict),
      runs: z.strictObject({ baseline: z.string(), candidate: z.string() }),
    })
    .optional(),
  /** Inputs of the candidate that differ from the baseline's, in words. */
  inputsChanged: z.array(z.string()),
  baseline: z.strictObject({ name: z.string(), from: z.string(), hash: z.string() }).optional(),
})
export type Verdict = z.infer<typeof verdict>

/**
 * What of a verdict cannot be true together, in words; empty for every verdict that the gate makes. For
 * documents that somebody else may have written.
 */
export function contradictions(told: Verdict): readonly string[] {
  const { exitCode, facts, metrics, missingEvidence, preset, status } = told
  const is = `the status is ${status}`
  const isOpen = status === 'pass' || status === 'inconclusive'
  return [
    ...(exitCodesOf(status, preset).includes(exitCode) ? [] : [`exitCode is ${exitCode}, ${is}`]),
    ...(isOpen && missingEvidence.length > 0 ? [`missingEvidence is not empty, ${is}`] : []),
    ...(isOpen && facts.some(({ waivedBy }) => waivedBy === undefined)
      ? [`facts has one that is not waived, ${is}`]
      : []),
    ...(isOpen && metrics.some((metric) => metric.status === 'regression')
      ? [`metrics has a regression, ${is}`]
      : []),
    ...(status === 'pass' ? againstPass(told) : []),
    ...metrics
      .filter(isBeyond)
      .map(({ id }) => `${id} is beyond its margin, and its status is pass`),
  ]
}

/** A pass against a baseline has decided on something, and left nothing open. */
function againstPass({ firstRun, metrics }: Verdict): readonly string[] {
  if (!firstRun && metrics.length === 0) return ['metrics is empty, the status is pass']
  return metrics.some((metric) => metric.status === 'inconclusive')
    ? ['metrics has one that is inconclusive, the status is pass']
    : []
}

/** Whether what was measured, luck or not, lies on the wrong side of what was allowed. */
function isBeyond({ change, kind, margin, status, worse }: MetricVerdict): boolean {
  if (status !== 'pass' || change === undefined) return false
  const none = kind === 'rate' ? 0 : 1
  const drop = worse === 'lower' ? none - change : change - none
  return drop > (kind === 'rate' ? margin : Math.abs(margin - 1)) + tolerance
}

/** More than rounding explains. */
const tolerance = 1e-6

function exitCodesOf(
  status: VerdictStatus,
  preset: Verdict['preset'],
): readonly Verdict['exitCode'][] {
  switch (status) {
    case 'pass':
      return [0]
    case 'regression':
      return [1]
    case 'error':
      return [4]
    case 'inconclusive':
      return preset === 'release' ? [3] : [0, 3]
  }
}
