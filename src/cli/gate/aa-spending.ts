import { AgentEvalError } from '../../errors.ts'
import { usd, whole } from '../../report/format.ts'
import { prepareRun } from '../../run-evalset/run-evalset.ts'
import type { EarlyStop, TrialPurse } from '../../run-evalset/run-rounds.ts'
import type { CommandMeans } from '../candidate/command-means.ts'
import type { AskedModels } from '../candidate/live-models.ts'
import type { Io } from '../io.ts'
import { type CostGround, planCost, requireAffordable } from '../run/cost-plan.ts'
import { askAbove, purseFor } from '../run/start-spending.ts'
import type { PlayablePlan } from './play-plans.ts'

/** What the command line says of money. */
export interface SpendingOptions {
  /** US dollars. */
  readonly budget?: number
  readonly yes?: boolean
  readonly quiet?: boolean
}

export interface Spending {
  readonly io: Io
  readonly options: SpendingOptions
  readonly command: CommandMeans
  readonly asked: AskedModels
  /** US dollars. */
  readonly confirmAboveUsd: number
}

/**
 * Lets both arms start, trial by trial as the purse allows.
 *
 * Half of the trials say nothing about a gate, so that a budget which cannot pay them all is refused.
 *
 * @throws AgentEvalError (usage) where the money cannot be enough or cannot be counted; nothing was sent
 */
export async function admitArms(
  { plan, subject }: PlayablePlan,
  { asked, command, confirmAboveUsd, io, options }: Spending,
): Promise<{ readonly purse?: TrialPurse }> {
  const { budgetUsd } = command.purse
  const { candidate, means } = subject
  const costGround: CostGround = {
    ...{ candidate, plan, asked },
    before: new Set(),
    cases: (await prepareRun(plan, subject)).cases,
    prices: means?.prices,
    baseline: undefined,
  }
  const cost = planCost(costGround)
  requireAffordable(cost, costGround, { budgetUsd, isGated: true })
  const { high: highUsd = 0, low = 0 } = cost.estimate ?? {}
  if (budgetUsd !== undefined && low > budgetUsd) {
    throw new AgentEvalError(
      `a budget of ${usd(budgetUsd)} is below what ${whole(plan.trials.length)} trials cost, about ${usd(low)}`,
      'usage',
      { hint: moreMoney },
    )
  }
  if (options.yes !== true) await askAbove(confirmAboveUsd, { highUsd, command, io })
  const { purseOf } = purseFor({ cost, costGround }, { command, options: { cassette: 'off' } })
  return purseOf === undefined ? {} : { purse: purseOf() }
}

/**
 * Says what the arms have cost.
 *
 * @throws AgentEvalError (evidence) where the budget ended them
 */
export function settleArms(
  stop: EarlyStop | undefined,
  { command: { purse }, io, options }: Pick<Spending, 'command' | 'io' | 'options'>,
): void {
  const spentUsd = purse.spentUsd()
  if (stop?.why === 'budget') {
    throw new AgentEvalError(
      `the budget of ${usd(purse.budgetUsd ?? spentUsd)} ended this before all trials were played; ${usd(spentUsd)} was spent`,
      'evidence',
      { hint: moreMoney },
    )
  }
  if (spentUsd > 0 && options.quiet !== true) io.stderr.write(`spent on models: ${usd(spentUsd)}\n`)
}

const moreMoney =
  'raise --budget, or money.budget_usd in agent-eval.yaml; or ask with fewer trials (-n), or of a run that is there already (--from RUN), which costs nothing'
