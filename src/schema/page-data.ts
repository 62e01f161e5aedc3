import { z } from 'zod'
import { driftReport } from './drift.ts'
import { apiVersion, count, layer } from './names.ts'
import { metricStatus, movedCase, verdict } from './verdict.ts'

/** A sentence for people. All texts of this document are plain: the page never reads one as HTML. */
const text = z.string()

/** What an answer or a figure is worth looking at for. */
const tone = z.enum(['good', 'bad', 'warn', 'faint'])
export type PageTone = z.infer<typeof tone>

/** `label`, and what it is; the page shows both as they are. Several facts may share a label. */
const fact = z.strictObject({ label: text, value: text, tone: tone.optional() })
export type PageFact = z.infer<typeof fact>

/**
 * Where the change lies and what it was allowed: one number line. Rates are in points, amounts and
 * tails in percent; `bad` is the side that is worse.
 */
const effectPicture = z.strictObject({
  change: z.number(),
  lower: z.number().optional(),
  upper: z.number().optional(),
  /** Signed: the change from which on it is too much. */
  limit: z.number(),
  bad: z.enum(['lower', 'higher']),
  unit: z.enum(['points', 'percent']),
})
export type EffectPicture = z.infer<typeof effectPicture>

/** One row of the table of metrics, gated or reported. */
const pageMetric = z.strictObject({
  id: z.string(),
  label: text,
  baseline: text.optional(),
  candidate: text.optional(),
  change: text.optional(),
  plausible: text.optional(),
  allowed: text.optional(),
  /** Absent: reported, gates nothing. */
  status: metricStatus.optional(),
  note: text.optional(),
  picture: effectPicture.optional(),
})
export type PageMetric = z.infer<typeof pageMetric>

/** Amounts of all trials of an arm, for a picture of their distribution; sorted, at most 2,000 kept evenly. */
const distribution = z.strictObject({
  id: z.enum(['costUsd', 'latencyMs']),
  label: text,
  candidate: z.array(z.number().min(0)),
  baseline: z.array(z.number().min(0)).optional(),
})
export type PageDistribution = z.infer<typeof distribution>

const counts = z.strictObject({ passed: count, scored: count })

/** One case of the run, as one row. */
const pageCase = z.strictObject({
  id: z.string(),
  title: text.optional(),
  layer,
  /** Values to filter by, such as `tag:vip`. */
  slices: z.array(z.string()),
  /** `file:line` of the case. */
  place: text.optional(),
  candidate: counts,
  baseline: counts.optional(),
  /** Absent: it did not move, or there is nothing to compare with. */
  moved: movedCase.shape.direction.optional(),
  /** Why it is shown: moved beyond its noise, an attack won, a rule was broken, drafts and the like. */
  label: text.optional(),
  tone: tone.optional(),
  attackSuccesses: count.optional(),
  violationTrials: count.optional(),
  /** First failing check in words. */
  reason: text.optional(),
  costUsd: z.number().optional(),
  latencyMs: z.number().optional(),
})
export type PageCase = z.infer<typeof pageCase>

/** One trial as it stands in lists. */
const pageTrial = z.strictObject({
  /** Unique on the page, such as `candidate/refund.full#2`; what a trace is asked for by. */
  key: z.string(),
  arm: z.enum(['baseline', 'candidate']),
  case: z.string(),
  /** Such as `#2`, `#2 attempt 1`, `#2 observed`. */
  name: text,
  outcome: z.enum(['pass', 'fail', 'invalid', 'incomplete', 'skipped']),
  /** The attack reached its goal, or a rule was broken: also beside a pass. */
  harm: text.optional(),
  reason: text.optional(),
  costUsd: z.number().optional(),
  latencyMs: z.number().optional(),
  toolCalls: count,
  /** Whether its trace is on the page, or can be asked for. */
  hasTrace: z.boolean(),
})
export type PageTrial = z.infer<typeof pageTrial>

/** One thing that happened in a trial. */
const pageStep = z.strictObject({
  /** Number of the event in the trace: what grades point at. Steps of one event share it. */
  seq: count,
  kind: z.enum([
    'start',
    'prompt',
    'user',
    'agent',
    'call',
    'control',
    'approval',
    'result',
    'change',
    'model',
    'budget',
    'route',
    'notice',
    'log',
    'fallback',
    'judge',
    'end',
  ]),
  title: text,
  /** Words of somebody, over several lines. */
  words: text.optional(),
  /** JSON, indented: arguments, results, changes of the state. */
  data: text.optional(),
  /** Why the agent says it does it. */
  because: text.optional(),
  tone: tone.optional(),
  /** Checks that failed by this step. */
  evidenceOf: z.array(text).optional(),
  /**
   * Equal in two trials where the same happened: without step numbers, times and money. What a trial
   * begins with (`start`, `prompt`) and which model answers are inputs, and so the same everywhere.
   */
  same: z.string(),
})
export type PageStep = z.infer<typeof pageStep>

const pageGrade = z.strictObject({
  grader: text,
  status: z.enum(['pass', 'fail', 'unscored']),
  reason: text.optional(),
  advisory: z.boolean().optional(),
  /** Numbers of the steps that show it. */
  steps: z.array(count),
})
export type PageGrade = z.infer<typeof pageGrade>

/** One trial, step by step. */
export const pageTrace = z.strictObject({
  key: z.string(),
  heading: text,
  facts: z.array(fact),
  grades: z.array(pageGrade),
  steps: z.array(pageStep),
  /** What was cut off of long texts or of long trials, in words. */
  shortened: text.optional(),
})
export type PageTrace = z.infer<typeof pageTrace>

const pageCommand = z.strictObject({ purpose: text, remark: text, command: text })
export type PageCommand = z.infer<typeof pageCommand>

/**
 * What the page shows, in the order of reading, with every number already in words: the page decides
 * and counts nothing.
 */
export const pageData = z.strictObject({
  apiVersion,
  kind: z.literal('PageData'),
  /** Of the window: verdict and eval set. */
  title: text,
  status: z.union([verdict.shape.status, z.literal(['first-run', 'none'])]),
  /** The verdict in the user's words. */
  heading: text,
  /** Beside it: what it was compared with, and whether it decides. */
  remarks: z.array(text),
  /** What did it do, what did it cost, would we do it again. */
  answers: z.strictObject({ did: z.array(fact), cost: z.array(fact), again: z.array(fact) }),
  /** Facts, missing evidence, changed rules, changed inputs, warnings; the worst first. */
  notes: z.array(fact),
  metrics: z.array(pageMetric),
  distributions: z.array(distribution),
  /** What broke, under the kinds of failure of the field; new ones first. */
  failures: z.array(
    z.strictObject({
      bucket: text,
      failures: z.array(
        z.strictObject({
          case: z.string(),
          reason: text,
          count,
          /** The case fails no more often than in the baseline. */
          isKnown: z.boolean().optional(),
        }),
      ),
    }),
  ),
  cases: z.array(pageCase),
  trials: z.array(pageTrial),
  /** Trials whose trace stands on the page; a served page asks for them one by one. */
  traces: z.array(pageTrace),
  /** Why not every trace is here, and how to read the others, in words. */
  leftOut: text.optional(),
  commands: z.array(pageCommand),
  /** From night to night, where somebody keeps a history. */
  history: driftReport.optional(),
  /** For auditors: versions, hashes, rules, approvals, seeds, prices. */
  evidence: z.array(z.strictObject({ title: text, facts: z.array(fact) })),
  /** Only of a served page: traces are at `trial?key=`, and `data` gives this document anew. */
  served: z.strictObject({ isRunning: z.boolean(), progress: text.optional() }).optional(),
})
export type PageData = z.infer<typeof pageData>
