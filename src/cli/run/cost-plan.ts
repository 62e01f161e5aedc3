import { AgentEvalError } from '../../errors.ts'
import { type CaseToPrice, type CostEstimate, estimateCost } from '../../money/estimate-cost.ts'
import type { PriceList } from '../../providers/prices/price-list.ts'
import { requirePrices, unpricedModels } from '../../providers/prices/require-prices.ts'
import { usd } from '../../report/format.ts'
import type { PlannedRun } from '../../run-evalset/plan-run.ts'
import type { PreparedCase } from '../../run-evalset/prepare-case.ts'
import type { Candidate } from '../../schema/candidate.ts'
import type { DryRun } from '../../schema/dry-run.ts'
import { asJson } from '../../schema/json.ts'
import type { PlannedCase } from '../../schema/run-manifest.ts'
import { formatTrialKey } from '../../schema/trial-key.ts'
import { canonicalJson } from '../../text/canonical-json.ts'
import type { FoundBaseline } from '../at-base/baseline-source.ts'
import type { AskedModels } from '../candidate/live-models.ts'
import type { FinishedBefore } from '../run-folder/resume-run.ts'

/** What a run may cost, as far as anybody can know before it runs. */
export interface CostPlan {
  /** Absent where a model has no price, and where no live model runs the task. */
  readonly estimate?: CostEstimate
  readonly unpriced: readonly string[]
}

/** What a cost plan is reckoned from. */
export interface CostGround {
  readonly candidate: Candidate
  readonly plan: PlannedRun
  /** Trials that cost nothing any more. */
  readonly before: FinishedBefore
  readonly cases: ReadonlyMap<string, PreparedCase>
  readonly asked: AskedModels
  readonly prices: PriceList | undefined
  readonly baseline: FoundBaseline | undefined
}

export function planCost(ground: CostGround): CostPlan {
  const { asked, candidate, plan, prices } = ground
  if (asked.ofTask.length === 0 || prices === undefined) return { unpriced: [] }
  const unpriced = unpricedModels(candidate, prices)
  const reference = candidate.models[candidate.model_tier.executor] ?? ''
  const open = openTrials(ground)
  const estimate = estimateCost(
    plan.manifest.cases.flatMap((one) => caseToPrice(one, open.get(one.id) ?? 0, ground)),
    (usage) => prices.priceOf({ reference, usage })?.costUsd,
  )
  return { unpriced, ...(estimate !== undefined && { estimate }) }
}

/** How many trials of each case are still to be run. */
function openTrials({ before, plan }: CostGround): ReadonlyMap<string, number> {
  const open = new Map<string, number>()
  for (const { key } of plan.trials) {
    if (!before.has(formatTrialKey(key))) open.set(key.case, (open.get(key.case) ?? 0) + 1)
  }
  return open
}

function caseToPrice(
  planned: PlannedCase,
  trials: number,
  { baseline, candidate, cases }: CostGround,
): readonly CaseToPrice[] {
  const prepared = cases.get(planned.id)
  if (prepared === undefined) return []
  const { evalCase, task } = prepared
  const words = [task.prompt, ...task.turns.map(({ say }) => say)].join('')
  const data = canonicalJson(asJson({ tools: task.tools, input: task.input ?? null }))
  const known = baselineCost(planned, candidate, baseline)
  return [
    {
      id: planned.id,
      trials,
      promptChars: words.length + data.length,
      requests: Math.max(1, evalCase.oracle.length),
      ...(known !== undefined && { baselineUsd: known }),
    },
  ]
}

/** Another model has other prices and other ways: then the baseline says nothing. */
function baselineCost(
  { definitionHash, id }: PlannedCase,
  { models }: Candidate,
  baseline: FoundBaseline | undefined,
): number | undefined {
  if (baseline === undefined) return undefined
  const { cases, provenance } = baseline.arm
  const isSameModel = canonicalJson(provenance.candidate.models) === canonicalJson(models)
  if (provenance.agentBehind !== 'model' || !isSameModel) return undefined
  const stats = cases.find((one) => one.id === id)
  const { costUsd } = stats?.definitionHash === definitionHash ? stats : {}
  return costUsd === undefined || costUsd.n === 0 ? undefined : costUsd.sum / costUsd.n
}

/**
 * Refuses a run that money forbids before anything is spent.
 *
 * @param budgetUsd - of the whole command; absent: no limit
 * @throws AgentEvalError (usage) for a model without a price where money decides, and for a budget that
 *   not even the cheapest trial fits into
 */
export function requireAffordable(
  { estimate }: CostPlan,
  ground: CostGround,
  { budgetUsd, isGated }: { readonly budgetUsd: number | undefined; readonly isGated: boolean },
): void {
  const { asked, candidate, cases, plan, prices } = ground
  if (prices === undefined) return
  if (asked.ofTask.length > 0 || asked.beside.length > 0) {
    requirePrices({
      candidate,
      prices,
      gate: isGated ? plan.manifest.gate : undefined,
      budgets: [...cases.values()].map(({ budgets }) => budgets),
      budgetUsd,
      beside: asked.beside,
    })
  }
  if (estimate === undefined || budgetUsd === undefined) return
  const cheapest = Math.min(...[...estimate.perTrial.values()].map(({ low }) => low))
  if (cheapest <= budgetUsd) return
  throw new AgentEvalError(
    `a budget of ${usd(budgetUsd)} is below what one trial costs: about ${usd(cheapest)}`,
    'usage',
    {
      hint: 'raise --budget, or money.budget_usd in agent-eval.yaml; --dry-run says what to expect',
    },
  )
}

/** What `--dry-run` prints. */
export function dryRunOf(
  { estimate, unpriced }: CostPlan,
  ground: CostGround,
  budgetUsd: number | undefined,
): DryRun {
  const { asked, plan } = ground
  const { manifest } = plan
  const open = openTrials(ground)
  return {
    apiVersion: 'agent-eval/v1',
    kind: 'DryRun',
    provenance: manifest.provenance,
    cases: open.size,
    trials: [...open.values()].reduce((sum, count) => sum + count, 0),
    ...(estimate !== undefined && { costUsd: { low: estimate.low, high: estimate.high } }),
    fromBaseline: estimate?.fromBaseline ?? 0,
    unpriced: [...unpriced],
    beside: [...asked.beside],
    ...(budgetUsd !== undefined && { budgetUsd }),
  }
}
