import type { Layer } from '../schema/names.ts'
import type { LedgerRole } from '../schema/trace.ts'
import type { TrialLine, TrialOutcome } from '../schema/trial.ts'

/** What is kept of a trial line while a run is read: numbers, and texts that are shared. */
export interface TrialRow {
  readonly trial: number
  readonly attempt: number
  readonly outcome: TrialOutcome
  readonly seed: number
  readonly trajectory: string
  readonly path: readonly string[]
  readonly failure: { readonly grader: string; readonly reason: string } | undefined
  readonly attack:
    | { readonly exposed?: boolean | undefined; readonly succeeded: boolean }
    | undefined
  readonly violations: TrialLine['violations']
  readonly opportunities: TrialLine['opportunities']
  readonly costUsd: number | undefined
  readonly costByRole: TrialLine['costByRole']
  /** Input and output together. */
  readonly tokens: number | undefined
  readonly inputTokens: number | undefined
  readonly modelCalls: number
  readonly servedModels: TrialLine['servedModels']
  readonly toolCalls: number
  readonly elapsedMs: number | undefined
  readonly termination: TrialLine['termination']
  readonly counts: TrialLine['counts']
  readonly rare: RareFacts | undefined
}

/** What of a line only some trials have, so that the others need no room for it. */
const rareNames = [
  'coldCostUsd',
  'paidByRole',
  'cacheReadTokens',
  'cacheWriteTokens',
  'reasoningTokens',
  'replayed',
  'retries',
  'route',
  'humanMs',
  'unpricedModels',
  'outcomeReason',
  'acted',
  'blast',
  'approvalLatenciesMs',
  'fallback',
] as const
type RareFacts = Readonly<Pick<TrialLine, (typeof rareNames)[number]>>

/** All trials of one case in one arm. */
export interface CaseRows {
  readonly id: string
  readonly layer: Layer
  readonly cluster: string
  readonly definitionHash: string
  readonly twinOf: string | undefined
  readonly rows: TrialRow[]
}

export interface TrialCollector {
  readonly add: (line: TrialLine) => void
  /** Cases by id, each with its rows in (trial, attempt) order whatever the order of arrival. */
  readonly finish: () => readonly CaseRows[]
}

/**
 * Gathers trial lines by case. Equal texts are kept once, so that memory stays near the size of
 * the numbers also for runs of a hundred thousand trials.
 */
export function collectTrials(): TrialCollector {
  const cases = new Map<string, CaseRows>()
  const share = sharedValues()
  return {
    add(line) {
      const known = cases.get(line.case) ?? {
        id: line.case,
        layer: line.layer,
        cluster: line.cluster,
        definitionHash: line.definitionHash,
        twinOf: line.twinOf,
        rows: [],
      }
      cases.set(line.case, known)
      known.rows.push(rowOf(line, share))
    },
    finish() {
      const sorted = [...cases.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
      for (const { rows } of sorted) rows.sort((a, b) => a.trial - b.trial || a.attempt - b.attempt)
      return sorted
    },
  }
}

type Share = <T>(value: T) => T

function sharedValues(): Share {
  const seen = new Map<string, unknown>()
  return <T>(value: T): T => {
    const key = JSON.stringify(value)
    const known = seen.get(key)
    if (known !== undefined) return known as T
    seen.set(key, value)
    return value
  }
}

function rowOf(line: TrialLine, share: Share): TrialRow {
  const failed = line.grades.find((grade) => grade.status === 'fail')
  const { inputTokens, outputTokens } = line
  return {
    trial: line.trial,
    attempt: line.attempt,
    outcome: line.outcome,
    seed: line.seed,
    // Short, and different in most trials of a model: to look each up costs more than it saves.
    trajectory: line.trajectoryHash,
    path: share(line.path),
    failure:
      failed === undefined ? undefined : share({ grader: failed.grader, reason: failed.reason }),
    attack: line.attack === undefined ? undefined : share(line.attack),
    violations: line.violations && share(line.violations),
    opportunities: line.opportunities && share(line.opportunities),
    costUsd: line.costUsd,
    costByRole: line.costByRole,
    inputTokens,
    tokens:
      inputTokens === undefined || outputTokens === undefined
        ? undefined
        : inputTokens + outputTokens,
    modelCalls: line.modelCalls,
    servedModels: line.servedModels && share(line.servedModels),
    toolCalls: line.toolCalls,
    elapsedMs: line.elapsedMs,
    termination: line.termination,
    counts: share(line.counts),
    rare: rareFacts(line, share),
  }
}

function rareFacts(line: TrialLine, share: Share): RareFacts | undefined {
  if (rareNames.every((name) => line[name] === undefined)) return undefined
  const known = rareNames.flatMap((name) => {
    const value = line[name]
    if (value === undefined) return []
    // Sums of money differ from trial to trial.
    const isText = name === 'unpricedModels' || name === 'outcomeReason'
    return [[name, isText ? share(value) : value]]
  })
  return Object.fromEntries(known) as RareFacts
}

/**
 * The attempt that decides each trial: the first that was scored, because a fail is never tried
 * again until it passes; else the last. The others only cost money.
 *
 * @param rows - in (trial, attempt) order
 */
export function decidingRows(rows: readonly TrialRow[]): readonly TrialRow[] {
  const deciding: TrialRow[] = []
  for (const row of rows) {
    const last = deciding.at(-1)
    if (last?.trial !== row.trial) deciding.push(row)
    else if (!isScored(last)) deciding[deciding.length - 1] = row
  }
  return deciding
}

/** The deciding attempts that say something about the agent: those that passed or failed. */
export function scoredRows(rows: readonly TrialRow[]): readonly TrialRow[] {
  return decidingRows(rows).filter(isScored)
}

function isScored({ outcome }: TrialRow): boolean {
  return outcome === 'pass' || outcome === 'fail'
}

/** Money that was spent, by whose it is, over all attempts; what a cassette answered cost nothing. */
export function spentByRole(cases: readonly CaseRows[]): Partial<Record<LedgerRole, number>> {
  const spent: Partial<Record<LedgerRole, number>> = {}
  for (const { rows } of cases) {
    for (const row of rows) {
      const paid = row.rare?.paidByRole ?? row.costByRole
      for (const [role, usd] of Object.entries(paid) as [LedgerRole, number][]) {
        spent[role] = (spent[role] ?? 0) + usd
      }
    }
  }
  return spent
}
