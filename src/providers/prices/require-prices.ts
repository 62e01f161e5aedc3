import { AgentEvalError } from '../../errors.ts'
import type { Budgets } from '../../schema/budgets.ts'
import type { Candidate } from '../../schema/candidate.ts'
import type { GateConfig } from '../../schema/gate-config.ts'
import { type PriceList, splitReference } from './price-list.ts'

/** What of a run decides whether it needs prices, and what it asks. */
export interface CostRules {
  readonly candidate: Pick<Candidate, 'model_tier' | 'models'>
  readonly prices: Pick<PriceList, 'isPriced'>
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
  const decides = whatDecides(rules)
  const ofTask = decides === undefined ? [] : unpricedModels(candidate, prices)
  const ofRun = budgetUsd === undefined ? [] : withoutPrice(beside, prices)
  return [
    ...ofTask.map((model) => problem(model, decides ?? runBudget)),
    ...ofRun.filter((model) => !ofTask.includes(model)).map((model) => problem(model, runBudget)),
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

function whatDecides({ budgets = [], budgetUsd, gate }: CostRules): Decides | undefined {
  if (gate?.limits.costPerTask !== undefined) {
    return {
      what: 'the gate limits what a task may cost',
      orElse: 'remove gate.limits.costPerTask from evalset.yaml',
    }
  }
  if (gate?.metrics.includes('costPerTask') === true) {
    const others = gate.metrics.filter((metric) => metric !== 'costPerTask')
    return {
      what: 'costPerTask is among the gated metrics',
      orElse:
        others.length === 0
          ? 'gate another metric in evalset.yaml'
          : `leave it out in evalset.yaml: gate: { metrics: [${others.join(', ')}] }`,
    }
  }
  if (budgets.some(({ max_cost_usd }) => max_cost_usd !== undefined)) {
    return { what: 'budgets.max_cost_usd limits a trial', orElse: 'remove budgets.max_cost_usd' }
  }
  return budgetUsd === undefined ? undefined : runBudget
}

function problem(model: string, { orElse, what }: Decides): PriceProblem {
  const key = `money: { prices: { ${JSON.stringify(model)}: { input_per_mtok: ..., output_per_mtok: ... } } }`
  return {
    model,
    message: `no price is known for "${model}", and ${what}`,
    hint:
      `set it in agent-eval.yaml, in dollars per million tokens: ${key}; or ${orElse}. ` +
      'Published prices hold for the services of OpenAI and Anthropic themselves, not for compatible ones',
  }
}
