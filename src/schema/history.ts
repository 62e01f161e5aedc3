import { z } from 'zod'
import { gatedMetricId } from './gate-config.ts'
import { apiVersion, count } from './names.ts'
import { provenance } from './run-manifest.ts'
import { verdict } from './verdict.ts'

/** What is followed from night to night: the metrics that gate by default, and the slowest 5 %. */
export const historyMetricId = gatedMetricId.extract([
  'asr',
  'violationRate',
  'tsr',
  'utilityUnderAttack',
  'costPerTask',
  'latencyP95',
])
export type HistoryMetricId = z.infer<typeof historyMetricId>

/** A share, mean US dollars or milliseconds, and over how many trials. */
const measurement = z.strictObject({ value: z.number().min(0), n: z.int().positive() })

const rates = new Set<string>(historyMetricId.exclude(['costPerTask', 'latencyP95']).options)

/** One finished run of a whole eval set, as one line of `history.jsonl`. */
export const historyNight = z.strictObject({
  apiVersion,
  kind: z.literal('HistoryNight'),
  /** When the run was started. */
  at: z.iso.datetime(),
  run: z.string(),
  /** Version of this tool: another one may count differently. */
  tool: z.string(),
  evalSet: provenance.shape.evalSet,
  /** Of the ids and definitions of the cases that gate. */
  casesHash: z.string(),
  candidate: provenance.shape.candidate.pick({ name: true, hash: true }),
  /** Tier → model, as configured. */
  models: provenance.shape.candidate.shape.models,
  agentBehind: provenance.shape.agentBehind,
  /** Models that really answered, sorted; absent where nobody recorded it. */
  servedModels: z.array(z.string()).optional(),
  /** Over the cases that gate. `lost`: the surroundings failed, so nothing is known of them. */
  trials: z.strictObject({ planned: count, scored: count, lost: count }),
  /** Without those of which nothing was measured. */
  metrics: z.partialRecord(historyMetricId, measurement).superRefine((metrics, ctx) => {
    for (const [id, { value }] of Object.entries(metrics)) {
      if (!rates.has(id) || value <= 1) continue
      ctx.addIssue({ code: 'custom', path: [id, 'value'], message: 'a share is at most 1' })
    }
  }),
  /** Absent where nobody asked for a decision. */
  verdict: verdict.pick({ status: true, exitCode: true }).optional(),
})
export type HistoryNight = z.infer<typeof historyNight>

/** Somebody has looked at the open alarms: from here on the level there is now is the usual one. */
export const historyNote = z.strictObject({
  apiVersion,
  kind: z.literal('HistoryNote'),
  at: z.iso.datetime(),
  /** What came out of it. */
  handled: z.string().min(1).max(500),
})
export type HistoryNote = z.infer<typeof historyNote>

/** One line of `history.jsonl`. */
export const historyEntry = z.discriminatedUnion('kind', [historyNight, historyNote])
export type HistoryEntry = z.infer<typeof historyEntry>
