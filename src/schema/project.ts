import { z } from 'zod'
import { modelRef, tokenPrices } from './candidate.ts'
import { apiVersion, usd } from './names.ts'

/** How one model service is reached and how hard it may be driven. */
export const providerSettings = z.strictObject({
  /** Which protocol it speaks; a provider called `openai` or `anthropic` speaks its own. */
  kind: z.enum(['openai', 'anthropic']).optional(),
  /** For openai with `/v1`, for anthropic without. */
  base_url: z.url().optional(),
  /** Name of the environment variable with the key; `none` for services that need none. */
  api_key_env: z.string().min(1).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  /** One request at most, without waiting in the queue. */
  timeout_seconds: z.number().positive().max(3_600).default(120),
  /** Requests in flight for each model of this provider; fewer while it complains. */
  max_concurrency: z.int().positive().default(64),
  /** Further attempts of one request after errors that may pass. */
  max_retries: z.int().min(0).max(20).default(5),
  /** A service that asks for a longer wait than this is given up on. */
  max_wait_seconds: z.number().positive().max(3_600).default(60),
})
export type ProviderSettings = z.infer<typeof providerSettings>

/** What stands before the colon of a model. */
const providerName = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]*$/,
    'a name of a service begins with a lower-case letter, then lower-case letters, digits and dashes, for example my-gateway',
  )

/** What runs may cost, and what things cost that no price list knows. */
const moneySettings = z.strictObject({
  /** No further trial starts once a run has spent this. `--budget` beats it. */
  budget_usd: usd.optional(),
  /** A run that may cost more asks first, where somebody can answer. */
  confirm_above_usd: usd.default(5),
  /** Tasks that production has in a month, to say what a change costs there. */
  tasks_per_month: z.number().positive().optional(),
  /** What an hour of an approver or of an escalation costs. */
  human_usd_per_hour: usd.optional(),
  prices: z.record(z.string(), tokenPrices).default({}),
})
export type MoneySettings = z.infer<typeof moneySettings>

/** What policies may do with what this machine knows. */
const policySettings = z.strictObject({
  /**
   * Names of the environment variables that policies may send to their servers, as `token_env` of `opa`
   * names them. On a pull request only those count that the base allows too, and never the key of a
   * model service.
   */
  token_env: z.array(z.string().min(1)).default([]),
})
export type PolicySettings = z.infer<typeof policySettings>

/** `agent-eval.yaml`: which eval sets this project has and what its runs start from. */
export const projectConfig = z.strictObject({
  apiVersion,
  /** Folders of eval sets, relative to this file. */
  evalsets: z.array(z.string().min(1)).min(1),
  /** What a candidate's tiers mean where it does not say so itself. */
  models: z.record(z.string(), modelRef).default({}),
  trials: z.int().positive().optional(),
  seed: z.int().min(0).max(0xffff_ffff).default(1),
  /** Trials in flight at once. */
  concurrency: z.int().positive().default(8),
  /** Model services by the name that stands before the colon of a model. */
  providers: z.record(providerName, providerSettings).default({}),
  money: moneySettings.prefault({}),
  policies: policySettings.prefault({}),
  output: z.string().min(1).default('agent-eval-results'),
})
export type ProjectConfig = z.infer<typeof projectConfig>
