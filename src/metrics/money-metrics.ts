import type { RunManifest } from '../schema/run-manifest.ts'
import type { MeanMetric, RunMetrics } from '../schema/run-metrics.ts'
import { meanMetric, perSolved, rounded } from './mean-metric.ts'
import { costsByTrial } from './trial-costs.ts'
import { type CaseRows, scoredRows, type TrialRow } from './trial-rows.ts'

/** What a project says of money: how many tasks a month, what an hour of a person costs. */
export type MoneyFacts = NonNullable<RunManifest['money']>

/** What sums of money are made from. */
interface MoneyParts {
  /** Everything that ran. */
  readonly all: readonly CaseRows[]
  /** The cases that count. */
  readonly own: readonly CaseRows[]
  /** Per task, as billed. */
  readonly cost: MeanMetric
  /** Tasks that were done. */
  readonly solved: number
  readonly facts: MoneyFacts | undefined
}

type MoneyMetrics = Pick<
  RunMetrics,
  | 'coldCostPerTaskUsd'
  | 'coldCostPerSolvedTaskUsd'
  | 'perMonth'
  | 'tokensByKind'
  | 'replayed'
  | 'retries'
  | 'humanTime'
  | 'unpricedModels'
>

/** Models that a result names; the trial lines have them all. */
const keptModels = 20
const msPerHour = 3_600_000

/**
 * What stands beside the cost per task: without caches, per month, by kind of token, of people, and what
 * was asked twice or not at all. Each only where there is something to say.
 */
export function moneyMetricsOf(parts: MoneyParts): MoneyMetrics {
  const rows = parts.own.flatMap((one) => scoredRows(one.rows))
  const cold = coldCost(parts.own)
  return {
    ...(cold !== undefined && {
      coldCostPerTaskUsd: cold,
      ...perSolved('coldCostPerSolvedTaskUsd', cold, parts.solved),
    }),
    ...perMonth(parts, cold),
    ...tokensByKind(rows),
    ...sums(parts.all),
    ...humanTime(rows, parts.facts),
  }
}

/** `undefined` where no trial had anything to do with a cache: it is then what was billed. */
function coldCost(own: readonly CaseRows[]): MeanMetric | undefined {
  const isCached = own.some(({ rows }) => rows.some((row) => row.rare?.coldCostUsd !== undefined))
  if (!isCached) return undefined
  return meanMetric(
    own.flatMap(({ rows }) => {
      const costs = costsByTrial(rows, (row) => row.rare?.coldCostUsd ?? row.costUsd)
      return scoredRows(rows).map((row) => costs.get(row.trial))
    }),
  )
}

/** Only where every cost is known, as with the solved tasks: a part of a bill is no bill. */
function perMonth(
  { cost, facts }: MoneyParts,
  cold: MeanMetric | undefined,
): Pick<RunMetrics, 'perMonth'> {
  const tasks = facts?.tasksPerMonth
  if (tasks === undefined || cost.mean === undefined || cost.unknown > 0) return {}
  return {
    perMonth: {
      tasks,
      costUsd: rounded(cost.mean * tasks),
      ...(cold?.mean !== undefined && { coldCostUsd: rounded(cold.mean * tasks) }),
    },
  }
}

/** Means per task. An answer that tells no kinds apart had none of them. */
function tokensByKind(rows: readonly TrialRow[]): Pick<RunMetrics, 'tokensByKind'> {
  const known = rows.filter(({ tokens }) => tokens !== undefined)
  if (known.length === 0) return {}
  const mean = (of: (row: TrialRow) => number | undefined): number =>
    rounded(known.reduce((sum, row) => sum + (of(row) ?? 0), 0) / known.length)
  const kind = <K extends string>(
    name: K,
    of: (row: TrialRow) => number | undefined,
  ): Partial<Record<K, number>> =>
    known.every((row) => of(row) === undefined) ? {} : ({ [name]: mean(of) } as Record<K, number>)
  return {
    tokensByKind: {
      n: known.length,
      input: mean((row) => row.inputTokens),
      output: mean((row) => (row.tokens ?? 0) - (row.inputTokens ?? 0)),
      ...kind('cacheRead', ({ rare }) => rare?.cacheReadTokens),
      ...kind('cacheWrite', ({ rare }) => rare?.cacheWriteTokens),
      ...kind('reasoning', ({ rare }) => rare?.reasoningTokens),
    },
  }
}

/** Over everything that was asked, whether it counts or not. */
function sums(
  all: readonly CaseRows[],
): Pick<RunMetrics, 'replayed' | 'retries' | 'unpricedModels'> {
  const rare = all.flatMap(({ rows }) => rows.flatMap((row) => row.rare ?? []))
  const replayed = rare.reduce((sum, one) => sum + (one.replayed ?? 0), 0)
  const retries = rare.reduce((sum, one) => sum + (one.retries ?? 0), 0)
  const unpriced = new Set(rare.flatMap((one) => one.unpricedModels ?? []))
  return {
    ...(replayed > 0 && { replayed }),
    ...(retries > 0 && { retries }),
    ...(unpriced.size > 0 && { unpricedModels: [...unpriced].sort().slice(0, keptModels) }),
  }
}

function humanTime(
  rows: readonly TrialRow[],
  facts: MoneyFacts | undefined,
): Pick<RunMetrics, 'humanTime'> {
  const waitedMs = rows.reduce((sum, { rare }) => sum + (rare?.humanMs ?? 0), 0)
  if (waitedMs === 0) return {}
  const usdPerHour = facts?.humanUsdPerHour
  const costUsd = usdPerHour === undefined ? undefined : (waitedMs / msPerHour) * usdPerHour
  return {
    humanTime: {
      n: rows.length,
      waitedMs: rounded(waitedMs),
      ...(costUsd !== undefined && { costUsd: rounded(costUsd) }),
    },
  }
}
