import { z } from 'zod'
import { expression, toolName } from './names.ts'

/** A path relative to the file that names it. */
const file = z.string().min(1)

/**
 * A policy in Rego. One of `wasm` (a compiled policy), `bundle` (a `.tar.gz` with one), `rego` (sources,
 * compiled by the `opa` on PATH) or `url` (a server: `http://…`, or `unix:/run/opa.sock`).
 */
export const opaPolicy = z
  .strictObject({
    wasm: file.optional(),
    bundle: file.optional(),
    /** Files or folders. */
    rego: z.union([file, z.array(file).min(1)]).optional(),
    url: z.string().min(1).optional(),
    /** The rule that decides, such as `support/decision`. */
    path: z
      .string()
      .regex(
        /^[A-Za-z_][\w]*(?:\/[A-Za-z_][\w]*)*$/,
        'names with slashes, such as support/decision',
      )
      .default('agent/decision'),
    /** JSON documents that are `data` together; a server has its own. */
    data: z.union([file, z.array(file).min(1)]).optional(),
    /** How long a server may take for one decision. */
    timeout_ms: z.number().positive().max(60_000).default(1_000),
    /**
     * The environment variable with the bearer token of a server; `policies.token_env` of
     * `agent-eval.yaml` has to allow it.
     */
    token_env: z.string().min(1).optional(),
    /** What it is asked about: calls, what came back of them, replies to the user, lines of the log. */
    stages: z
      .array(z.enum(['call', 'result', 'reply', 'log']))
      .min(1)
      .default(['call']),
  })
  .superRefine((opa, ctx) => {
    const kinds = (['wasm', 'bundle', 'rego', 'url'] as const).filter(
      (one) => opa[one] !== undefined,
    )
    if (kinds.length === 1) return
    const found = kinds.length === 0 ? 'none' : kinds.join(' and ')
    const message = `opa needs one of wasm, bundle, rego, url; this one has ${found}`
    ctx.addIssue({ code: 'custom', path: [], message })
  })
export type OpaPolicy = z.infer<typeof opaPolicy>

/**
 * Records of the world that Cedar knows as entities, such as `Order::"O-1"`. Types are looked for in
 * `namespace` first.
 */
const worldEntities = z.strictObject({
  type: z.string().min(1),
  /** CEL over `state`: a map from ids to records. */
  from: expression,
})

/**
 * A policy in Cedar, checked against its schema when it is loaded. It decides about calls.
 *
 * `@id` of a policy is the id of its rule, `@reason` and `@severity` are what reports say, and
 * `@on_fail` on a `forbid` is as in inline rules: `deny`, `escalate_to_human`, `block_and_alert` or
 * `fallback`. Of the context and of the entities Cedar gets what the schema declares.
 */
export const cedarPolicy = z.strictObject({
  /** `.cedar` files. */
  policies: z.union([file, z.array(file).min(1)]),
  /** A `.cedarschema` file, or its JSON form. */
  schema: file,
  /** A JSON file with entities besides the agent, the tools and the world's records. */
  entities: file.optional(),
  /** Stands before the types `Agent`, `Action` and `Tool`. */
  namespace: z.string().min(1).optional(),
  /** Which record of the world an action is about; without an entry it is about the tool itself. */
  resources: z
    .record(toolName, z.strictObject({ type: z.string().min(1), id: expression }))
    .default({}),
  world: z.array(worldEntities).default([]),
})
export type CedarPolicy = z.infer<typeof cedarPolicy>
