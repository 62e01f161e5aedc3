import { AgentEvalError } from '../../errors.ts'
import type { Budgets } from '../../schema/budgets.ts'
import type { Candidate } from '../../schema/candidate.ts'
import type { GateConfig } from '../../schema/gate-config.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import { type PriceList, splitReference } from './price-list.ts'

/** What of a run decides whether it needs prices, and what it asks. */
export interface CostRules {
  readonly candidate: Pick<Candidate, 'model_tier' | 'models'>
  readonly prices: Pick<PriceList, 'isPriced' | 'ownKeys'>
  /** Absent where nothing is decided. */
  readonly gate?: Pick<GateConfig, 'metrics' | 'limits'> | undefined
  /** Of the candidate and of the cases that run. */
  readonly budgets?: readonly Budgets[]
  /** The money that the whole run may cost. */
  readonly budgetUsd?: number | undefined
  /** Models that are asked besides the candidate's: the simulated user, the judge. They only cost the run. */
  readonly beside?: readonly string[]
}

/** A model without a price where money decides. */
export interface PriceProblem {
  readonly model: string
  readonly message: string
  readonly hint: string
}

/**
 * Providers that say themselves what an answer costs, or may: the reference provider always does, and
 * of a module nobody knows before it has answered.
 */
const metersItself: ReadonlySet<string> = new Set(['reference', 'module'])

/** Models of the candidate that have no price: those that may run the task, and the router. Sorted. */
export function unpricedModels(
  { model_tier: { executor, router, routes }, models }: CostRules['candidate'],
  prices: Pick<PriceList, 'isPriced'>,
): readonly string[] {
  const routed = router === undefined ? [] : [router, ...Object.keys(routes ?? models)]
  // An agent of one's own need not name any model.
  const named = [executor, ...routed].flatMap((tier) => models[tier] ?? [])
  return withoutPrice(named, prices)
}

function withoutPrice(
  models: readonly string[],
  prices: Pick<PriceList, 'isPriced'>,
): readonly string[] {
  const asked = models.filter((model) => !metersItself.has(splitReference(model).provider))
  return [...new Set(asked)].filter((model) => !prices.isPriced(model)).sort()
}

/**
 * Where money decides (a gate, a limit or a budget) and a model has no price: nothing could be decided
 * after everything had been paid. Empty where nothing is wrong.
 */
export function priceProblems(rules: CostRules): readonly PriceProblem[] {
  const { beside = [], budgetUsd, candidate, prices } = rules
  const ofBudget = budgetUsd === undefined ? [] : [runBudget]
  const deciders = [...decidersOfTask(rules), ...ofBudget]
  const ofTask = deciders.length === 0 ? [] : unpricedModels(candidate, prices)
  const ofRun = budgetUsd === undefined ? [] : withoutPrice(beside, prices)
  return [
    ...ofTask.map((model) => problem(model, deciders, prices)),
    ...ofRun
      .filter((model) => !ofTask.includes(model))
      .map((model) => problem(model, ofBudget, prices)),
  ]
}

/**
 * @throws AgentEvalError (usage) where money decides and a model has no price, naming the key to set
 */
export function requirePrices(rules: CostRules): void {
  const problems = priceProblems(rules)
  const [first] = problems
  if (first === undefined) return
  const others = problems.slice(1).map(({ model }) => `"${model}"`)
  const more = others.length === 0 ? '' : `; the same holds for ${others.join(', ')}`
  throw new AgentEvalError(first.message + more, 'usage', { hint: first.hint })
}

/** Something that cannot be decided without prices, and how to do without it. */
interface Decides {
  readonly what: string
  readonly orElse: string
}

const runBudget: Decides = {
  what: 'the run has a budget in dollars',
  orElse: 'run without a budget',
}

/** What of a single task cannot be decided without prices. */
function decidersOfTask({ budgets = [], gate }: CostRules): readonly Decides[] {
  const ofTrial = budgets.some(({ max_cost_usd }) => max_cost_usd !== undefined)
  return [
    ...(gate?.limits.costPerTask === undefined ? [] : [gateLimit]),
    ...(gate?.metrics.includes('costPerTask') === true ? [gatedMetric(gate.metrics)] : []),
    ...(ofTrial ? [trialLimit] : []),
  ]
}

const gateLimit: Decides = {
  what: 'the gate limits what a task may cost',
  orElse: 'remove gate.limits.costPerTask from evalset.yaml',
}

const trialLimit: Decides = {
  what: 'budgets.max_cost_usd limits a trial',
  orElse: 'remove budgets.max_cost_usd',
}

function gatedMetric(metrics: GateConfig['metrics']): Decides {
  const others = metrics.filter((metric) => metric !== 'costPerTask')
  return {
    what: 'costPerTask is among the gated metrics',
    orElse:
      others.length === 0
        ? 'gate another metric in evalset.yaml'
        : `leave it out in evalset.yaml: gate: { metrics: [${others.join(', ')}] }`,
  }
}

function problem(
  model: string,
  deciders: readonly Decides[],
  { ownKeys = [] }: CostRules['prices'],
): PriceProblem {
  const key = `money: { prices: { ${JSON.stringify(model)}: { input_per_mtok: ..., output_per_mtok: ... } } }`
  const close = didYouMean(model, ownKeys) ?? didYouMean(splitReference(model).model, ownKeys)
  const meant =
    close === undefined ? '' : `did you mean it by the price of ${JSON.stringify(close)}? `
  const listed = deciders.map(({ what }) => what).join(', and ')
  const orElse = deciders.map((one) => one.orElse).join(', and ')
  return {
    model,
    message: `no price is known for "${model}", and ${listed}`,
    hint:
      `${meant}set it in agent-eval.yaml, in dollars per million tokens: ${key}; or ${orElse}. ` +
      'Published prices hold for the services of OpenAI and Anthropic themselves, not for compatible ones',
  }
}
