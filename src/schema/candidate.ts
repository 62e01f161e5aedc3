import { z } from 'zod'
import { candidateBudgets } from './budgets.ts'
import { jsonObject } from './json.ts'
import { apiVersion, riskTier, share, toolName, usd } from './names.ts'
import { approvalRules, engineSections, policyEngine, policyRule } from './policy.ts'

/** `provider:model`, for example `openai:gpt-4o` or `reference:?mute=0.03`. */
export const modelRef = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]*:/,
    'a model is written provider:model, for example reference: or openai:gpt-4o',
  )

const modelTier = z.strictObject({
  /** The tier whose model decides, by one structured call, which tier runs the task. */
  router: z.string().optional(),
  /** The tier that runs the task, where nobody routes or the router gives no usable answer. */
  executor: z.string(),
  /** Which tiers the router may choose, each with the words that tell it when; absent: all `models`. */
  routes: z.record(z.string(), z.string().min(1)).optional(),
})

const promptText = z.union([z.string(), z.strictObject({ file: z.string().min(1) })])

const policy = z.strictObject({
  engine: policyEngine.default('cel'),
  rules: z.array(policyRule).default([]),
  ...engineSections,
})

/** What this configuration asks of people, by tier. */
const oversight = approvalRules.extend({
  /** Share of tier 2 actions that are drawn for a person to look at afterwards. */
  review_share: share.default(0.02),
})

const identity = z.strictObject({
  principal: z.string().min(1).default('agent'),
  /** What it may do; absent: nobody has limited it. */
  scopes: z.array(z.string()).optional(),
  /** Whose records it may touch; absent: anybody's. */
  tenant: z.string().min(1).optional(),
  /** Nothing is done in its name from then on, on the trial's own clock. */
  expires: z.iso.datetime().optional(),
  /** The highest risk tier that it may act in by itself; another agent that approves has more. */
  trust: riskTier.default(2),
})

/** What happens without a model, where the agent may or can not go on. */
const fallback = z.strictObject({
  on: z
    .array(z.enum(['budget', 'denial', 'outage']))
    .min(1)
    .default(['budget', 'denial', 'outage']),
  /** A call that is made first. Texts of `args` that begin with `=` are CEL over `task` and `calls`. */
  tool: toolName.optional(),
  args: jsonObject.optional(),
  reason: z.string().min(1).optional(),
  /** What the user is told. */
  say: z.string().min(1),
})
export type Fallback = z.infer<typeof fallback>

const observability = z.strictObject({
  tracing: z.string().optional(),
  /** Names that each call event carries; a name nobody fills stands as null. */
  log_fields: z.array(z.string()).default([]),
})

const sampling = z.strictObject({
  temperature: z.number().min(0).optional(),
  top_p: z.number().min(0).max(1).optional(),
  max_output_tokens: z.int().positive().optional(),
  /** Sends the trial's own seed with each request, where the service knows seeds. */
  send_seed: z.boolean().optional(),
  /** Whether one answer may hold several tool calls; absent: as the service does by default. */
  parallel_tool_calls: z.boolean().optional(),
  reasoning: z
    .strictObject({
      effort: z.enum(['none', 'minimal', 'low', 'medium', 'high']).optional(),
      /** Tokens for thinking, where the service takes a number. */
      max_tokens: z.int().positive().optional(),
    })
    .optional(),
})
export type SamplingSettings = z.infer<typeof sampling>

/** US dollars per million tokens. A kind without a price of its own costs what input costs. */
export const tokenPrices = z.strictObject({
  input_per_mtok: usd,
  output_per_mtok: usd,
  cache_read_per_mtok: usd.optional(),
  cache_write_per_mtok: usd.optional(),
})
export type TokenPrices = z.infer<typeof tokenPrices>

const seconds = z.number().positive().max(86_400)

/** Environment variables for an agent of one's own; keys of this process are passed on by name only. */
const targetEnv = {
  env: z.record(z.string(), z.string()).optional(),
  /** Names of variables of this process that the agent may see besides PATH and the like. */
  pass_env: z.array(z.string().min(1)).optional(),
  /** How long one turn of the conversation may take, on the real clock. */
  timeout_seconds: seconds.default(120),
}

/**
 * An agent of one's own, in place of the built-in loop. It runs in a process of its own and is given
 * the task and the tools, nothing of how it will be judged. Paths are relative to this file.
 */
export const target = z.union([
  z.strictObject({
    /** `./agent.ts#name` (or the default export): a function `(task, tools, signal)`. */
    module: z.string().min(1),
    ...targetEnv,
  }),
  z.strictObject({
    /** A program and its arguments; no shell. One process a trial. */
    command: z.array(z.string().min(1)).min(1),
    /** `jsonl`: our protocol on stdin and stdout. `text`: the user's words in, the reply out. */
    protocol: z.enum(['jsonl', 'text']).default('jsonl'),
    /** Files and folders that make up the agent, so that a change in them is seen. */
    files: z.array(z.string().min(1)).optional(),
    ...targetEnv,
  }),
  z.strictObject({
    /** Where the agent listens; `$PORT` stands for a free port where `start` starts it. */
    http: z.string().min(1),
    /** Starts the agent before the first trial and ends it after the last. */
    start: z.array(z.string().min(1)).min(1).optional(),
    files: z.array(z.string().min(1)).optional(),
    ...targetEnv,
  }),
])
export type TargetSettings = z.infer<typeof target>

/** Everything that may stand in a candidate file besides the name, under `agent` or beside it. */
const sections = {
  prompt: promptText.optional(),
  model_tier: modelTier.optional(),
  /** Which model each tier means; project defaults fill what is missing. */
  models: z.record(z.string(), modelRef).optional(),
  sampling: sampling.optional(),
  budgets: candidateBudgets.optional(),
  tools: z.strictObject({ allowlist: z.array(toolName).optional() }).optional(),
  policy: policy.optional(),
  approvals: oversight.optional(),
  fallback: fallback.optional(),
  /** The same call with the same answer this often, or a cycle of calls, ends the trial. */
  stop: z
    .strictObject({ repeats: z.int().min(2).default(3), max_turns: z.int().positive().default(30) })
    .optional(),
  observability: observability.optional(),
  identity: identity.optional(),
  /** Prices by model, as `provider:model` or as the model's name: they beat the price list. */
  prices: z.record(z.string(), tokenPrices).optional(),
  target: target.optional(),
  versions: z
    .strictObject({
      prompt: z.string().optional(),
      policy: z.string().optional(),
      code: z.string().optional(),
    })
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
  budgets: candidateBudgets.prefault({}),
  tools: z.strictObject({ allowlist: z.array(toolName).optional() }).prefault({}),
  policy: policy.prefault({}),
  approvals: oversight.prefault({}),
  fallback: fallback.optional(),
  stop: z
    .strictObject({ repeats: z.int().min(2).default(3), max_turns: z.int().positive().default(30) })
    .prefault({}),
  observability: observability.prefault({}),
  identity: identity.prefault({}),
  prices: z.record(z.string(), tokenPrices).default({}),
  target: target.optional(),
  /** `code`: of an agent of one's own, the hash of its files. */
  versions: z.strictObject({
    prompt: z.string(),
    policy: z.string(),
    code: z.string().optional(),
    /** Of the files that policy engines name. */
    policyFiles: z.string().optional(),
  }),
})
export type Candidate = z.infer<typeof candidate>
