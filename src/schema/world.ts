import { z } from 'zod'
import { jsonObject, jsonValue } from './json.ts'
import { apiVersion, effect, expression, riskTier, toolName, usd } from './names.ts'

/** A path into the state, as a JSON pointer in which `{…}` holds a CEL expression. */
const statePath = z
  .string()
  .regex(/^\/./, 'a path starts with "/", for example /orders/{args.order_id}/status')

/**
 * A value in which every string that starts with `=` is a CEL expression, at any depth.
 * `==text` is the literal text `=text`.
 */
const template = jsonValue

export const worldChange = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('set'), path: statePath, value: template }),
  z.strictObject({ op: z.literal('inc'), path: statePath, value: template }),
  z.strictObject({ op: z.literal('append'), path: statePath, value: template }),
  z.strictObject({ op: z.literal('remove'), path: statePath }),
])
export type WorldChange = z.infer<typeof worldChange>

const guard = z.strictObject({
  require: expression,
  /** The code of the tool error that the agent gets when `require` does not hold. */
  error: z.string().regex(/^[a-z0-9_]+$/, 'use lower-case letters, digits and underscores'),
  message: z.string().optional(),
})

/** One tier, or the tiers in order: the first whose `when` holds; the last needs no `when`. */
const conditionalTier = z
  .array(z.strictObject({ when: expression.optional(), tier: riskTier }))
  .min(1)

const worldTool = z
  .strictObject({
    description: z.string().min(1),
    risk_tier: z.union([riskTier, conditionalTier]),
    effect,
    input: jsonObject,
    output: jsonObject.optional(),
    guards: z.array(guard).default([]),
    change: z.array(worldChange).default([]),
    returns: template.optional(),
    /** `./tools.ts#name`: a pure function (args, state, clock) → { result, changes }. */
    module: z.string().optional(),
    /** The argument that carries the idempotency key. */
    idempotency: z.string().optional(),
    /** The scope that the agent's identity must have to call it. */
    scope: z.string().min(1).optional(),
    /** CEL over `args` and `state`: whose record it touches, as a text; an empty one is nobody's. */
    tenant: expression.optional(),
    /** CEL over `args` and `state`: the US dollars that a call moves. */
    usd: expression.optional(),
    /** Calling it hands the task over to a person. */
    hands_over: z.boolean().default(false),
    latency_ms: z.number().min(0).default(100),
    cost_usd: usd.default(0),
  })
  .superRefine((tool, ctx) => {
    if (tool.effect === 'read' && tool.change.length > 0) {
      ctx.addIssue({
        code: 'custom',
        path: ['change'],
        message: 'a read tool changes nothing; use effect: write',
      })
    }
    if (tool.module !== undefined && (tool.change.length > 0 || tool.returns !== undefined)) {
      ctx.addIssue({
        code: 'custom',
        path: ['module'],
        message: 'a module decides result and changes; remove `change` and `returns`',
      })
    }
  })
export type WorldTool = z.infer<typeof worldTool>

/** `world.yaml`: the simulated systems behind the tools. */
export const world = z.strictObject({
  apiVersion: apiVersion.optional(),
  kind: z.literal('World').optional(),
  /** The only clock that tools, limits and service levels see; it moves by declared latencies. */
  clock: z.iso.datetime(),
  state: jsonObject,
  tools: z.record(toolName, worldTool),
})
export type World = z.infer<typeof world>
