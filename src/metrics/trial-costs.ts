import { decidingRows, type TrialRow } from './trial-rows.ts'

/**
 * Money of each trial with every attempt that it took; a trial of which one attempt has no price is
 * not among them. An earlier attempt that no model answered cost nothing.
 *
 * @param rows - of one case, in (trial, attempt) order
 * @param costOf - what one attempt cost: as billed, unless another sum is wanted
 */
export function costsByTrial(
  rows: readonly TrialRow[],
  costOf: (row: TrialRow) => number | undefined = billed,
): ReadonlyMap<number, number> {
  const deciding = new Set(decidingRows(rows))
  const sums = new Map<number, number>()
  const unpriced = new Set<number>()
  for (const row of rows) {
    const unanswered = row.modelCalls === 0 && !deciding.has(row)
    const costUsd = costOf(row) ?? (unanswered ? 0 : undefined)
    if (costUsd === undefined) unpriced.add(row.trial)
    else sums.set(row.trial, (sums.get(row.trial) ?? 0) + costUsd)
  }
  for (const trial of unpriced) sums.delete(trial)
  return sums
}

function billed({ costUsd }: TrialRow): number | undefined {
  return costUsd
}
