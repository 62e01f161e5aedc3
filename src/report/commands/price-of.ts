import type { CaseResult } from '../../schema/run-result.ts'
import { usd } from '../format.ts'
import type { Subject } from '../subject.ts'

/** `about $5.10`: what so many trials of these cases would cost, by what this run's did; empty where unknown. */
export function priceOf(
  { candidate }: Subject,
  cases: readonly CaseResult[],
  trials: number,
): string {
  if (candidate.agentBehind === 'reference') return 'free'
  const means = cases.map(({ costUsd }) =>
    costUsd === undefined || costUsd.n === 0 ? undefined : costUsd.sum / costUsd.n,
  )
  const known = means.filter((mean) => mean !== undefined)
  if (known.length === 0 || known.length < means.length) return ''
  return `about ${usd(known.reduce((sum, mean) => sum + mean, 0) * trials)}`
}
