import { z } from 'zod'
import { budgets } from './budgets.ts'
import { gateConfig } from './gate-config.ts'
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
  gate: gateConfig.prefault({}),
})
export type EvalSetFile = z.infer<typeof evalSetFile>
