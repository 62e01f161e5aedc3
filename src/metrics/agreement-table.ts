import type { Interval } from './tango-interval.ts'

/**
 * How often two raters gave each pair of labels to the same item, such as a judge and a human.
 *
 * A square of counts ≥ 0: rows are the labels of one rater, columns those of the other, in the same
 * order. A label that nobody gave may stand in it with zeros.
 */
export type AgreementTable = readonly (readonly number[])[]

/** Agreement beyond chance: 1 when the raters always agree, 0 when no more than by chance. */
export interface Agreement {
  /** At most 1; below 0 when raters agree less than by chance. */
  readonly value: number
  readonly standardError: number
  /**
   * Not cut at 1. Missing when the standard error is 0, as with raters that always agree: the
   * formula then sees no noise, which is not the same as certainty.
   */
  readonly interval?: Interval
}

/** One pair of labels: which, and the share of all items that got it. */
export interface AgreementCell {
  readonly row: number
  readonly column: number
  readonly share: number
}

/** An agreement table as shares of its items. */
export interface AgreementShares {
  /** Items, > 0. */
  readonly items: number
  readonly labels: number
  /** All pairs of labels that occur. */
  readonly cells: readonly AgreementCell[]
  /** Share of each label with the rater of the rows. */
  readonly rows: readonly number[]
  /** Share of each label with the rater of the columns. */
  readonly columns: readonly number[]
  /** Share of items with two different labels; exactly 0 when raters always agree. */
  readonly disagreement: number
}

// Adding shares leaves this much behind where the true standard error is 0.
const rounding = 1e-12

/** @returns `undefined` for no items */
export function agreementShares(table: AgreementTable): AgreementShares | undefined {
  const items = table.flat().reduce((sum, count) => sum + count, 0)
  if (items === 0) return undefined
  const cells = table.flatMap((counts, row) =>
    counts.map((count, column) => ({ row, column, share: count / items })),
  )
  const shareWhere = (holds: (cell: AgreementCell) => boolean): number =>
    cells.reduce((sum, cell) => (holds(cell) ? sum + cell.share : sum), 0)
  return {
    items,
    labels: table.length,
    cells: cells.filter(({ share }) => share > 0),
    rows: table.map((_, label) => shareWhere(({ row }) => row === label)),
    columns: table.map((_, label) => shareWhere(({ column }) => column === label)),
    disagreement: shareWhere(({ row, column }) => row !== column),
  }
}

/**
 * Standard error of a mean over items, by the share of each cell.
 *
 * @param influence - what an item in this cell adds to the mean
 * @param mean - of `influence`; a parameter because its closed form rounds less
 */
export function cellStandardError(
  { cells, items }: AgreementShares,
  influence: (cell: AgreementCell) => number,
  mean: number,
): number {
  const variance = cells.reduce((sum, cell) => sum + cell.share * (influence(cell) - mean) ** 2, 0)
  const standardError = Math.sqrt(variance / items)
  return standardError < rounding ? 0 : standardError
}

/** @param reach - half of the interval, in standard errors */
export function agreement(value: number, standardError: number, reach: number): Agreement {
  if (standardError === 0) return { value, standardError }
  const half = reach * standardError
  return { value, standardError, interval: { lower: value - half, upper: value + half } }
}
