import { z } from 'zod'
import { historyMetricId, historyNight } from './history.ts'
import { apiVersion, count } from './names.ts'
import { metricVerdict, verdict } from './verdict.ts'

/** Nights are numbered from 1, over the whole history. */
const night = z.int().positive()
const at = z.iso.datetime()
const names = z.array(z.string())

/**
 * What was different from one night to the next. Those of `restarts` begin new charts: another number
 * is measured from there on. A model that was served under the same name is what drift is about, so it
 * restarts nothing.
 */
const nightMark = z.strictObject({
  kind: z.enum([
    'cases',
    'candidate',
    'models',
    'trials',
    'handled',
    'served-models',
    'tool',
    'lost',
  ]),
  restarts: z.boolean(),
  from: names.optional(),
  to: names.optional(),
  /** Of `handled`: what somebody wrote. */
  why: z.string().optional(),
})
export type NightMark = z.infer<typeof nightMark>

const driftNight = z.strictObject({
  night,
  at,
  run: z.string(),
  /** Metric → what was measured; none where there was nothing to measure. */
  values: z.partialRecord(historyMetricId, z.number()),
  /** Whether the charts use it: too many lost trials are another sample. */
  charted: z.boolean(),
  status: verdict.shape.status.optional(),
  marks: z.array(nightMark),
})
export type DriftNight = z.infer<typeof driftNight>

/** The served model changed shortly before an alarm: the first thing to look at, and no proof. */
const servedMove = z.strictObject({ night, at, from: names, to: names })
export type ServedMove = z.infer<typeof servedMove>

const driftAlarm = z.strictObject({
  /** The night that raised it. */
  night,
  at,
  /** First night of the change, as estimated. */
  changedFrom: night,
  changedAt: at,
  /** Means of the nights before the change and from it on. */
  before: z.number(),
  after: z.number(),
  move: servedMove.optional(),
})
export type DriftAlarm = z.infer<typeof driftAlarm>

/**
 * One metric over the nights since the last restart. `constant`: nearly always the same value, which no
 * chart can follow; the gate does. `n/a`: nothing was ever measured.
 */
const driftChart = z.strictObject({
  id: historyMetricId,
  worse: metricVerdict.shape.worse,
  kind: metricVerdict.shape.kind,
  status: z.enum(['drift', 'quiet', 'constant', 'too-few', 'n/a']),
  /** Nights with a value. */
  nights: count,
  /** Nights that are missing until there is a chart. */
  missing: count.optional(),
  last: z.number().optional(),
  mean: z.number().optional(),
  alarms: z.array(driftAlarm),
})
export type DriftChart = z.infer<typeof driftChart>

/** What `view --history` prints: did a number change for good, and since when? */
export const driftReport = z.strictObject({
  apiVersion,
  kind: z.literal('DriftReport'),
  /** `drift`: an alarm is open. `quiet`: at least one chart and no alarm. `no-chart`: nothing to tell by. */
  status: z.enum(['drift', 'quiet', 'no-chart']),
  /** As of the last night. */
  evalSet: historyNight.shape.evalSet,
  candidate: historyNight.shape.candidate,
  agentBehind: historyNight.shape.agentBehind,
  /** First night of the charts; one more than there are where the next night will be it. */
  from: night,
  /** Why they begin there; empty for the beginning of the history. */
  because: z.array(nightMark),
  charts: z.array(driftChart),
  nights: z.array(driftNight),
})
export type DriftReport = z.infer<typeof driftReport>
