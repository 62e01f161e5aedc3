import { scoredRows, type TrialRow } from './trial-rows.ts'

/** One trial with all its attempts. */
export interface Attempts {
  readonly attempts: readonly TrialRow[]
  /** The attempt that decides it; absent where the trial has no result. */
  readonly deciding: TrialRow | undefined
}

/** @param rows - of one case, in (trial, attempt) order */
export function attemptsByTrial(rows: readonly TrialRow[]): readonly Attempts[] {
  const scored = new Map(scoredRows(rows).map((row) => [row.trial, row]))
  const trials = new Map<number, TrialRow[]>()
  for (const row of rows) {
    const known = trials.get(row.trial)
    if (known === undefined) trials.set(row.trial, [row])
    else known.push(row)
  }
  return [...trials].map(([trial, attempts]) => ({ attempts, deciding: scored.get(trial) }))
}
