import { caseStatsOf } from '../metrics/case-stats.ts'
import { groupByCluster } from '../metrics/clusters.ts'
import type { CaseRows } from '../metrics/trial-rows.ts'
import type { CaseStats } from '../schema/case-stats.ts'
import type { PlannedCase } from '../schema/run-manifest.ts'

/** Trials of one agent, and what was planned of them. */
export interface TrialSet {
  readonly planned: readonly PlannedCase[]
  readonly rows: readonly CaseRows[]
  readonly severeTier: number
}

/** The same cases twice, as if they were of two agents. */
export interface TwoArms {
  readonly first: readonly CaseStats[]
  readonly second: readonly CaseStats[]
}

/** One case with every trial reduced by itself, so that trials can be dealt again and again. */
interface CaseDeck {
  readonly planned: PlannedCase
  readonly rows: CaseRows
  /** Trial numbers in order; those that were planned and never finished are among them. */
  readonly numbers: readonly number[]
}

export interface Deck {
  readonly cases: readonly CaseDeck[]
  readonly severeTier: number
  /** Cases with a single trial: they cannot be split. */
  readonly leftOut: number
}

/** Puts aside what cannot be split. */
export function deckOf({ planned, rows, severeTier }: TrialSet): Deck {
  const rowsById = new Map(rows.map((one) => [one.id, one]))
  const all = planned.map((one) => {
    const own = rowsById.get(one.id) ?? { ...bareRows(one), rows: [] }
    return { planned: one, rows: own, numbers: trialNumbers(one, own) }
  })
  const cases = all.filter(({ numbers }) => numbers.length > 1)
  return { cases, severeTier, leftOut: all.length - cases.length }
}

function bareRows({
  cluster,
  definitionHash,
  id,
  layer,
  twinOf,
}: PlannedCase): Omit<CaseRows, 'rows'> {
  return { id, layer, cluster, definitionHash, twinOf }
}

function trialNumbers({ trials }: PlannedCase, { rows }: CaseRows): readonly number[] {
  const numbers = new Set(rows.map((row) => row.trial))
  for (let next = 1; numbers.size < trials; next += 1) numbers.add(next)
  return [...numbers].sort((a, b) => a - b)
}

/**
 * The earlier trials of each case against the later ones, as two runs one after the other would be:
 * what trials of one run have in common stays within a half.
 */
export function splitByNumber({ cases, severeTier }: Deck): TwoArms {
  return splitWith(cases, severeTier, ({ numbers }) => numbers)
}

/** Every trial dealt to a half at random, within its case. */
export function dealTrials({ cases, severeTier }: Deck, random: () => number): TwoArms {
  return splitWith(cases, severeTier, ({ numbers }) => shuffled(numbers, random))
}

function splitWith(
  cases: readonly CaseDeck[],
  severeTier: number,
  order: (one: CaseDeck) => readonly number[],
): TwoArms {
  const halves = cases.map((one) => {
    const numbers = order(one)
    const middle = Math.ceil(numbers.length / 2)
    return {
      first: statsOf(one, numbers.slice(0, middle), severeTier),
      second: statsOf(one, numbers.slice(middle), severeTier),
    }
  })
  return { first: halves.map((one) => one.first), second: halves.map((one) => one.second) }
}

function statsOf(
  { planned, rows }: CaseDeck,
  numbers: readonly number[],
  severeTier: number,
): CaseStats {
  const wanted = new Set(numbers)
  const own = rows.rows.filter((row) => wanted.has(row.trial))
  const missing = wanted.size - new Set(own.map((row) => row.trial)).size
  const stats = caseStatsOf({ ...rows, rows: own }, severeTier)
  const { slices, split, status, tier } = planned
  return {
    ...stats,
    ...(status !== undefined && { status }),
    ...(split !== undefined && { split }),
    ...(tier !== undefined && { tier }),
    ...(slices !== undefined && { slices }),
    incomplete: stats.incomplete + missing,
  }
}

/**
 * The halves of whole clusters change sides at random: what trials of a half have in common stays
 * together, so that the splits show what it does to a test that takes trials for independent.
 */
export function exchangeHalves({ first, second }: TwoArms, random: () => number): TwoArms {
  const pairs = first.flatMap((one, index) => {
    const other = second[index]
    return other === undefined ? [] : [{ cluster: one.cluster, one, other }]
  })
  const dealt = groupByCluster(pairs).flatMap((cluster) => {
    const isExchanged = random() < 0.5
    return cluster.map(({ one, other }) =>
      isExchanged ? { first: other, second: one } : { first: one, second: other },
    )
  })
  return { first: dealt.map((one) => one.first), second: dealt.map((one) => one.second) }
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  const mixed = [...items]
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1))
    const [a, b] = [mixed[last], mixed[other]]
    if (a === undefined || b === undefined) continue
    mixed[last] = b
    mixed[other] = a
  }
  return mixed
}
