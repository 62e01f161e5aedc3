import type { ComparedFigures } from '../../schema/compared-figures.ts'
import type { RunMetrics } from '../../schema/run-metrics.ts'
import { duration, listed, plural, usd, whole } from '../format.ts'
import type { Say } from '../say.ts'
import type { Subject } from '../subject.ts'
import { paidToModels } from './paid-to-models.ts'

/** What text of models is made safe with, and how many of them are named. */
interface Naming {
  readonly say: Say
  readonly most: number
}

/**
 * What there is to say of money beside the cost per task: per month, without caches, by kind of token, of
 * people, and where a number is missing. One sentence each, and none where there is nothing to say.
 */
export function moneyLines(subject: Subject, { most, say }: Naming): readonly string[] {
  const { metrics } = subject
  if (metrics === undefined) return []
  return [
    billed(subject, metrics),
    cold(metrics),
    tokens(metrics),
    people(metrics),
    replayed(subject, metrics),
    retries(metrics),
    unpriced(metrics, { most, say }),
    unseen(subject, metrics),
  ].filter((text) => text !== '')
}

/** Said where a month or a cache makes it more than the row that stands above. */
function billed({ figures }: Subject, metrics: RunMetrics): string {
  const { coldCostPerTaskUsd, costPerSolvedTaskUsd, costPerTaskUsd, perMonth } = metrics
  if (perMonth === undefined && coldCostPerTaskUsd === undefined) return ''
  const was = perMonth === undefined ? undefined : monthBefore(figures, metrics)
  const month =
    perMonth === undefined
      ? ''
      : `${usd(perMonth.costUsd)} a month at ${plural(perMonth.tasks, 'task')}` +
        (was === undefined ? '' : ` (${usd(was)} with the baseline)`)
  return costs('cost as billed', [costPerTaskUsd.mean, costPerSolvedTaskUsd], month)
}

/** At the candidate's tasks a month, and only where the baseline's bill is for the same cases and known in full. */
function monthBefore(
  figures: ComparedFigures | undefined,
  { costPerTaskUsd, perMonth }: RunMetrics,
): number | undefined {
  const [was, is] = [figures?.baseline.costPerTaskUsd, figures?.candidate.costPerTaskUsd]
  const isWhole = is?.mean === costPerTaskUsd.mean && is?.n === costPerTaskUsd.n
  if (!isWhole || was?.mean === undefined || perMonth === undefined) return undefined
  return was.mean * perMonth.tasks
}

function cold({ coldCostPerSolvedTaskUsd, coldCostPerTaskUsd, perMonth }: RunMetrics): string {
  if (coldCostPerTaskUsd === undefined) return ''
  const month = perMonth?.coldCostUsd
  return costs(
    'with cold caches',
    [coldCostPerTaskUsd.mean, coldCostPerSolvedTaskUsd],
    month === undefined ? '' : `${usd(month)} a month`,
  )
}

function costs(
  what: string,
  [task, solved]: readonly [task: number | undefined, solved: number | undefined],
  month: string,
): string {
  const parts = [
    task === undefined ? '' : `${usd(task)} a task`,
    solved === undefined ? '' : `${usd(solved)} a solved one`,
    month,
  ].filter((part) => part !== '')
  return parts.length === 0 ? '' : `${what}: ${parts.join(', ')}`
}

/** Where anything was cached or thought: the plain numbers stand in their row. */
function tokens({ tokensByKind }: RunMetrics): string {
  if (tokensByKind === undefined) return ''
  const { cacheRead, cacheWrite, input, output, reasoning } = tokensByKind
  const ofInput = [...part(cacheRead, 'read from a cache'), ...part(cacheWrite, 'written to one')]
  const ofOutput = part(reasoning, 'of them reasoning')
  if (ofInput.length + ofOutput.length === 0) return ''
  return `tokens a task: ${whole(input)} in${beside(ofInput)}, ${whole(output)} out${beside(ofOutput)}`
}

function part(mean: number | undefined, what: string): readonly string[] {
  return mean !== undefined && mean > 0 ? [`${whole(mean)} ${what}`] : []
}

function beside(parts: readonly string[]): string {
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

/** People are no part of what a task costs; what an hour of theirs costs says the project. */
function people({ humanTime }: RunMetrics): string {
  if (humanTime === undefined || humanTime.n === 0) return ''
  const { costUsd, n, waitedMs } = humanTime
  const cost = costUsd === undefined ? '' : `, ${usd(costUsd / n)} a task beside its cost`
  return `people: ${duration(waitedMs / n)} of approvals a task${cost}`
}

function replayed({ candidate }: Subject, metrics: RunMetrics): string {
  if (metrics.replayed === undefined || candidate.agentBehind === 'recorded') return ''
  const paid = paidToModels(metrics).some(({ amount }) => amount > 0)
    ? 'not paid again'
    : 'nothing paid now'
  return `replayed: ${plural(metrics.replayed, 'model answer')} from the cassette, ${paid}`
}

function retries({ retries: count }: RunMetrics): string {
  return count === undefined
    ? ''
    : `retries: ${plural(count, 'attempt')} of model requests failed and ${count === 1 ? 'was' : 'were'} made again`
}

function unpriced({ unpricedModels = [] }: RunMetrics, { most, say }: Naming): string {
  if (unpricedModels.length === 0) return ''
  const models = listed(unpricedModels.map(say), most)
  return `unknown price: ${models}; set money.prices in agent-eval.yaml to count what it costs`
}

/** A program of one's own whose model calls did not come by: what it costs nobody here can know. */
function unseen({ candidate }: Subject, metrics: RunMetrics): string {
  const { costPerTaskUsd, modelCallsPerTask, unpricedModels } = metrics
  const isUnseen = costPerTaskUsd.n === 0 && (modelCallsPerTask.mean ?? 0) === 0
  if (candidate.agentBehind !== 'program' || costPerTaskUsd.unknown === 0) return ''
  if (!isUnseen || unpricedModels !== undefined) return ''
  return 'unknown cost: no model call of the agent was seen'
}
