import { AgentEvalError } from '../../errors.ts'
import { renderDryRun } from '../../report/dry-run.ts'
import { usd } from '../../report/format.ts'
import type { TrialPurse } from '../../run-evalset/run-rounds.ts'
import type { DryRun } from '../../schema/dry-run.ts'
import { formatTrialKey } from '../../schema/trial-key.ts'
import { type ChosenReporter, forText, printChosen } from '../print/print-result.ts'
import { spentBefore } from '../run-folder/spent-before.ts'
import { dryRunOf, requireAffordable } from './cost-plan.ts'
import type { PreparedRun, Shell } from './prepare-run.ts'

/** Prints what a run would cost, and sends nothing. */
export async function printDryRun(
  run: PreparedRun,
  shell: Shell & { readonly chosen: readonly ChosenReporter[] },
): Promise<void> {
  const refused = refusalOf(run, shell)
  const plan = {
    ...dryRunOf(run.cost, run.costGround, shell.command.purse.budgetUsd),
    ...(refused !== undefined && { refused }),
  }
  const printing = { ...shell, evalSet: plan.provenance.evalSet.id }
  await printChosen(forText(shell.chosen), printing, ({ id }) => renderDryRun(plan, id))
}

/** What `mayStart` would say of the money of a run. */
function refusalOf(run: PreparedRun, { command, options }: Shell): DryRun['refused'] {
  if (options.cassette === 'replay') return undefined
  try {
    const terms = { budgetUsd: command.purse.budgetUsd, isGated: options.gate }
    requireAffordable(run.cost, run.costGround, terms)
    return undefined
  } catch (error) {
    if (!(error instanceof AgentEvalError)) throw error
    const { hint, message } = error
    return { message, ...(hint !== undefined && { hint }) }
  }
}

/**
 * Whether runs may start spending. A person at a terminal is asked where it may cost much; where nobody
 * sits the budget is what protects.
 *
 * @throws AgentEvalError (usage) where the money cannot be enough, or cannot be counted
 */
export async function mayStart(runs: readonly PreparedRun[], shell: Shell): Promise<boolean> {
  const { command, io, options } = shell
  if (options.cassette === 'replay') return true
  for (const run of runs) {
    const terms = { budgetUsd: command.purse.budgetUsd, isGated: options.gate }
    requireAffordable(run.cost, run.costGround, terms)
    // A budget is the run's, however many processes it takes.
    if (options.resume !== undefined) command.purse.pay('', await spentBefore(run.folder))
  }
  const highUsd = runs.reduce((sum, { cost }) => sum + (cost.estimate?.high ?? 0), 0)
  const limitUsd = runs[0]?.confirmAboveUsd
  if (options.yes !== true) await askAbove(limitUsd, { highUsd, command, io })
  return true
}

interface Asking extends Pick<Shell, 'command' | 'io'> {
  /** What the runs may cost, where no budget stops them. */
  readonly highUsd: number
}

/** @throws AgentEvalError (usage) where a person at the terminal does not want to spend so much */
export async function askAbove(
  limitUsd: number | undefined,
  { command, highUsd, io }: Asking,
): Promise<void> {
  const mostUsd = Math.min(highUsd, command.purse.budgetUsd ?? Number.POSITIVE_INFINITY)
  if (limitUsd !== undefined && mostUsd > limitUsd) await requireYes(mostUsd, io)
}

async function requireYes(mostUsd: number, io: Shell['io']): Promise<void> {
  const answer = await io.ask(`This may cost up to ${usd(mostUsd)}. Go on? [y/N] `)
  if (answer === undefined || /^y(es)?$/i.test(answer.trim())) return
  throw new AgentEvalError('not started', 'usage', {
    hint: 'nothing was sent; --yes does not ask, --dry-run only says what it may cost',
  })
}

/** Who spends, and whether anybody is asked for money at all. */
interface Purchase extends Pick<Shell, 'command'> {
  readonly options: Pick<Shell['options'], 'cassette'>
}

/**
 * Admission of a run's trials by the purse of the command; nothing where there is no budget, and where
 * nothing that is asked has a price. What an agent of one's own asks of models shows only as it runs.
 */
export function purseFor(
  { cost: { estimate }, costGround: { prices } }: Pick<PreparedRun, 'cost' | 'costGround'>,
  { command: { purse }, options }: Purchase,
): { readonly purseOf?: () => TrialPurse } {
  if (!purse.hasLimit || prices === undefined || options.cassette === 'replay') return {}
  return {
    purseOf: () => ({
      enter: ({ key }) =>
        purse.enter(formatTrialKey(key), estimate?.perTrial.get(key.case)?.low ?? 0),
      leave: ({ key }) => {
        purse.leave(formatTrialKey(key))
      },
    }),
  }
}
