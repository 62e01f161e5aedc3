import { z } from 'zod'
import { budgets } from './budgets.ts'
import { modelRef } from './candidate.ts'
import { gateConfig } from './gate-config.ts'
import { jsonObject } from './json.ts'
import { judgeSettings } from './judge.ts'
import { apiVersion, id } from './names.ts'

/** A path inside the eval set's folder; checked again where it is opened. */
const innerPath = z.string().min(1)

/** `evalset.yaml`: what belongs together, and the gate that decides over it. */
export const evalSetFile = z.strictObject({
  apiVersion,
  kind: z.literal('EvalSet').optional(),
  id,
  version: z.string().min(1),
  description: z.string().optional(),
  world: innerPath.default('world.yaml'),
  policy: innerPath.default('policy.yaml'),
  injections: innerPath.default('injections.yaml'),
  cases: innerPath.default('cases'),
  /** The configuration that runs when `--candidate` names no other. */
  candidate: innerPath.optional(),
  baseline: innerPath.default('baseline.json'),
  defaults: z
    .strictObject({
      trials: z.int().positive().default(3),
      budgets: budgets.prefault({}),
    })
    .prefault({}),
  /** What the task's `input` looks like, as a JSON Schema; without it no case may have one. */
  task: z.strictObject({ input: jsonObject.optional() }).prefault({}),
  /** The model that plays simulated users: part of the yardstick, not of the candidate. */
  user_simulator: z.strictObject({ model: modelRef.default('reference:') }).prefault({}),
  /** The model that answers the criteria of `expect.judge`; see `judge.ts`. */
  judge: judgeSettings.optional(),
  /**
   * How often each value of a stratum occurs in production, as relative weights. With them the
   * report shows the task success rate that production would see, besides the plain one.
   */
  weights: z.record(id, z.record(z.string(), z.number().positive())).default({}),
  gate: gateConfig.prefault({}),
})
export type EvalSetFile = z.infer<typeof evalSetFile>
