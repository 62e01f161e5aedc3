import { z } from 'zod'
import { budgets } from './budgets.ts'
import { apiVersion, toolName, usd } from './names.ts'
import { policyEngine, policyRule } from './policy.ts'

/** `provider:model`, for example `openai:gpt-4o` or `reference:?mute=0.03`. */
export const modelRef = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]*:/,
    'a model is written provider:model, for example reference: or openai:gpt-4o',
  )

const modelTier = z.strictObject({ router: z.string().optional(), executor: z.string() })

const promptText = z.union([z.string(), z.strictObject({ file: z.string().min(1) })])

const policy = z.strictObject({
  engine: policyEngine.default('cel'),
  rules: z.array(policyRule).default([]),
})

const observability = z.strictObject({
  tracing: z.string().optional(),
  /** Names that each call event carries; a name nobody fills stands as null. */
  log_fields: z.array(z.string()).default([]),
})

const sampling = z.strictObject({
  temperature: z.number().min(0).optional(),
  top_p: z.number().min(0).max(1).optional(),
  max_output_tokens: z.int().positive().optional(),
})

/** Everything that may stand in a candidate file besides the name, under `agent` or beside it. */
const sections = {
  prompt: promptText.optional(),
  model_tier: modelTier.optional(),
  /** Which model each tier means; project defaults fill what is missing. */
  models: z.record(z.string(), modelRef).optional(),
  sampling: sampling.optional(),
  budgets: budgets.optional(),
  tools: z.strictObject({ allowlist: z.array(toolName).optional() }).optional(),
  policy: policy.optional(),
  /** How many approvals this configuration asks for, by tier; the field's defaults are one and two. */
  approvals: z
    .strictObject({ tier_3: z.int().min(0).optional(), tier_4: z.int().min(0).optional() })
    .optional(),
  /** The same call with the same answer this often, or a cycle of calls, ends the trial. */
  stop: z
    .strictObject({ repeats: z.int().min(2).default(3), max_turns: z.int().positive().default(30) })
    .optional(),
  observability: observability.optional(),
  identity: z
    .strictObject({
      principal: z.string().min(1),
      scopes: z.array(z.string()).default([]),
      expires: z.iso.datetime().optional(),
    })
    .optional(),
  /** Prices in US dollars per million tokens, for models the price list does not know. */
  prices: z
    .record(z.string(), z.strictObject({ input_per_mtok: usd, output_per_mtok: usd }))
    .optional(),
  versions: z
    .strictObject({ prompt: z.string().optional(), policy: z.string().optional() })
    .optional(),
}

const agent = z.strictObject({ name: z.string().min(1), ...sections })

/** The file as published in the field: sections beside `agent`, or inside it. */
export const candidateFile = z
  .strictObject({
    apiVersion: apiVersion.optional(),
    kind: z.literal('Candidate').optional(),
    agent,
    ...sections,
  })
  .superRefine((file, ctx) => {
    for (const key of Object.keys(sections) as (keyof typeof sections)[]) {
      if (file[key] === undefined || file.agent[key] === undefined) continue
      ctx.addIssue({
        code: 'custom',
        path: [key],
        message: `"${key}" stands both beside agent and inside it; keep one`,
      })
    }
  })
export type CandidateFile = z.infer<typeof candidateFile>

/** A candidate with its sections in one place and every default filled in. */
export const candidate = z.strictObject({
  name: z.string(),
  prompt: z.string().default('You are a helpful agent. Use the tools to do what the user asks.'),
  model_tier: modelTier.default({ executor: 'default' }),
  models: z.record(z.string(), modelRef).default({}),
  sampling: sampling.prefault({}),
  budgets: budgets.prefault({}),
  tools: z.strictObject({ allowlist: z.array(toolName).optional() }).prefault({}),
  policy: policy.prefault({}),
  approvals: z
    .strictObject({ tier_3: z.int().min(0).default(1), tier_4: z.int().min(0).default(2) })
    .prefault({}),
  stop: z
    .strictObject({ repeats: z.int().min(2).default(3), max_turns: z.int().positive().default(30) })
    .prefault({}),
  observability: observability.prefault({}),
  identity: z
    .strictObject({
      principal: z.string().default('agent'),
      scopes: z.array(z.string()).default([]),
      expires: z.iso.datetime().optional(),
    })
    .prefault({}),
  prices: z
    .record(z.string(), z.strictObject({ input_per_mtok: usd, output_per_mtok: usd }))
    .default({}),
  versions: z.strictObject({ prompt: z.string(), policy: z.string() }),
})
export type Candidate = z.infer<typeof candidate>
