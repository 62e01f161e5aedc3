import type { PlannedCase } from './run-manifest.ts'

type Standing = Pick<PlannedCase, 'id' | 'status' | 'split' | 'twinOf'>

/** The cases of a run, by whether its numbers and its verdict are made from them. */
export interface CasesByStanding<T> {
  /** The split that they are of; `undefined` is the gate's. */
  readonly split: PlannedCase['split']
  readonly deciding: readonly T[]
  /** Drafts, quarantined cases, and those of another split: they ran and decide nothing. */
  readonly idle: readonly T[]
}

/**
 * Tells the cases that count from those that only ran.
 *
 * A run decides on one split: on the holdout where it has such cases, else on the gate's, and on `dev`
 * where there is nothing else. A benign twin stands where its case stands.
 */
export function byStanding<T extends Standing>(cases: readonly T[]): CasesByStanding<T> {
  const split = splitOf(cases)
  const counts = (one: T): boolean => one.status === undefined && one.split === split
  const idleIds = new Set(cases.filter((one) => !counts(one)).map((one) => one.id))
  const isIdle = ({ id, twinOf }: T): boolean => idleIds.has(id) || idleIds.has(twinOf ?? id)
  return {
    split,
    deciding: cases.filter((one) => !isIdle(one)),
    idle: cases.filter(isIdle),
  }
}

function splitOf(cases: readonly Standing[]): PlannedCase['split'] {
  const splits = new Set(cases.map((one) => one.split))
  if (splits.has('holdout')) return 'holdout'
  return splits.has('dev') && !splits.has(undefined) ? 'dev' : undefined
}
