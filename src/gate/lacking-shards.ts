import type { Verdict } from '../schema/verdict.ts'
import { exitCodeOf } from './settle-status.ts'

/** What is known of the parts that a run was put together from. */
export interface ShardEvidence {
  /** What is not there or does not count, in words. */
  readonly missing: readonly string[]
  /** What a reader should know besides. */
  readonly notes: readonly string[]
}

/**
 * The verdict on a run that was put together from parts. A part that is missing is evidence that is
 * missing, however few cases it has; a regression in the others is one all the same.
 */
export function lackingShards(verdict: Verdict, { missing, notes }: ShardEvidence): Verdict {
  const told = {
    ...verdict,
    missingEvidence: [...missing, ...verdict.missingEvidence],
    warnings: [...verdict.warnings, ...notes],
  }
  if (missing.length === 0 || verdict.status === 'regression') return told
  return { ...told, status: 'error', exitCode: exitCodeOf('error', verdict.preset) }
}
