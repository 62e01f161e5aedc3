import { z } from 'zod'
import { gateConfig } from './gate-config.ts'
import { idsDiffer } from './ids-differ.ts'
import { jsonObject } from './json.ts'
import { judgeSummary } from './judge.ts'
import { lintFigures } from './lint-figures.ts'
import { apiVersion, count, id, layer, riskTier, usd } from './names.ts'

/** What was run, by content: two runs with equal fingerprints may be continued into one another. */
export const provenance = z.strictObject({
  tool: z.string(),
  evalSet: z.strictObject({ id, version: z.string(), hash: z.string() }),
  candidate: z.strictObject({
    name: z.string(),
    hash: z.string(),
    promptHash: z.string(),
    policyHash: z.string(),
    toolsHash: z.string(),
    budgetsHash: z.string(),
    /** Of an agent of one's own: its files. */
    codeHash: z.string().optional(),
    /** Tier → model, as resolved. */
    models: z.record(z.string(), z.string()),
  }),
  /**
   * What answered for the agent: a model, the reference provider (no model), a recording, or a program
   * of its own, of which nobody outside knows what is in it.
   */
  agentBehind: z.enum(['model', 'reference', 'recorded', 'program']),
  seed: count,
  /** Whose prices were used, such as `@pydantic/genai-prices 0.1.8`; absent where nothing was priced. */
  prices: z.string().optional(),
  /** Where models were asked that the project reaches at an address of its own, by provider. */
  services: z.record(z.string(), z.string()).optional(),
  /** Who judged, and by which rubric; absent where no case asks a judge. */
  judge: z.strictObject({ model: z.string(), rubricHash: z.string() }).optional(),
  source: z.string().optional(),
})
export type Provenance = z.infer<typeof provenance>

/** One case that this run is to try, and how often. */
export const plannedCase = z.strictObject({
  id: z.string(),
  layer,
  cluster: z.string(),
  trials: z.int().positive(),
  definitionHash: z.string(),
  twinOf: z.string().optional(),
  /** Absent: active, so it gates. */
  status: z.enum(['draft', 'quarantined']).optional(),
  /** Absent: of the gate split. */
  split: z.enum(['dev', 'holdout']).optional(),
  /** Highest risk tier that the case can reach. */
  tier: riskTier.optional(),
  /** What the case belongs to, such as `layer:outcome`, `tag:vip`, `tier:2`, `language:de`; sorted. */
  slices: z.array(z.string()).optional(),
  /** Strata of the case, where the eval set weighs them. */
  strata: z.record(z.string(), z.string()).optional(),
  /** Where the case stands, for reports. */
  file: z.string().optional(),
  line: z.int().positive().optional(),
})
export type PlannedCase = z.infer<typeof plannedCase>

/**
 * How far a run went that was allowed to end early. `maxTrials` rounds were planned; the gate looked
 * after each from `firstLook` on, or only after the last.
 */
const sampling = z.strictObject({
  maxTrials: z.int().positive(),
  firstLook: z.int().positive(),
  /** Set when the run ended before its last round, and why. */
  stopped: z.strictObject({ why: z.enum(['decided', 'time', 'budget']), rounds: count }).optional(),
})
export type Sampling = z.infer<typeof sampling>

/**
 * One part of what several processes run together. The parts of a selection share no case, and together
 * they have all of them: each says what the others are to do, so that a part that never arrives is missed.
 */
const shardRecord = z.strictObject({
  /** From 1 to `total`. */
  index: z.int().positive(),
  total: z.int().positive(),
  /** Of all cases that were selected; the same in every part. */
  selection: z.string(),
  /** The cases of the other parts. */
  elsewhere: z.array(plannedCase).superRefine(idsDiffer),
  /** Ids of all eval sets that the command runs; sorted. Of each there are as many parts. */
  evalSets: z.array(id),
})
export type ShardRecord = z.infer<typeof shardRecord>

/** `run.json`: written before the first trial, so that a missing one can be seen. */
export const runManifest = z.strictObject({
  apiVersion,
  kind: z.literal('RunManifest'),
  run: z.string(),
  createdAt: z.string(),
  provenance,
  gate: gateConfig,
  /** Severe tier of the judging policy, from which one executed violation is a fact. */
  severeTier: count,
  /** The baseline file that this eval set names, relative to the working directory. */
  baselineFile: z.string().optional(),
  cases: z.array(plannedCase).superRefine(idsDiffer),
  /** Absent: all trials run, and the gate looks once. */
  sampling: sampling.optional(),
  /** Cases of the set that were not selected for this run. */
  notSelected: z.array(z.string()),
  /** How this yardstick was shown to be able to fail; absent where nobody has. */
  lint: lintFigures.optional(),
  /** As the eval set says; with them the report shows a weighted rate. */
  weights: z.record(z.string(), z.record(z.string(), z.number().positive())).optional(),
  /** What the project says of money, for the report. */
  money: z
    .strictObject({
      tasksPerMonth: z.number().positive().optional(),
      humanUsdPerHour: usd.optional(),
    })
    .optional(),
  /** Who judges, where some case that runs asks a judge, and what it had not earned by then. */
  judge: judgeSummary.pick({ model: true, uncalibrated: true }).optional(),
  /** Of a run that is one part of several. Nothing is decided on it alone. */
  shard: shardRecord.optional(),
  /** Names of the runs that this one was put together from, the first part first. */
  mergedFrom: z.array(z.string()).optional(),
  /** Rows of a foreign file that were left out on import, by reason. */
  leftOut: z.record(z.string(), count).optional(),
  /** The command line's choices, to run it again. */
  options: jsonObject,
})
export type RunManifest = z.infer<typeof runManifest>
