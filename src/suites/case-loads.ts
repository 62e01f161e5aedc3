import type { CaseStats } from '../schema/case-stats.ts'
import type { PlannedCase } from '../schema/run-manifest.ts'
import type { CaseLoad } from './shard-cases.ts'

type Known = Pick<CaseStats, 'id' | 'costUsd' | 'latenciesMs'>

/** What one trial took in the baseline; `undefined` where nobody knows. */
type Measure = (stats: Known) => number | undefined

/** Money first: it is what every model bills by, and it knows of calls that run side by side. */
const measures: readonly Measure[] = [
  ({ costUsd }) => (costUsd === undefined || costUsd.n === 0 ? undefined : costUsd.sum / costUsd.n),
  ({ latenciesMs }) => mean(latenciesMs),
]

/**
 * What each case is expected to take with all its trials and those of its benign twin, from what a trial
 * cost in the baseline, else from how long one took, else every trial alike.
 *
 * All cases are measured in one unit. One that the baseline does not know counts as much as the others on
 * average.
 *
 * @param planned - cases and twins
 * @param baseline - none on a first run
 * @returns one entry per case; twins are in the entry of their case
 */
export function caseLoads(
  planned: readonly PlannedCase[],
  baseline: readonly Known[],
): readonly CaseLoad[] {
  const known = new Map(baseline.map((one) => [one.id, one]))
  const perTrial = perTrialOf(planned, known)
  const loads = new Map<string, number>()
  for (const { id, trials, twinOf = id } of planned) {
    loads.set(twinOf, (loads.get(twinOf) ?? 0) + trials * perTrial(id))
  }
  return [...loads].map(([id, load]) => ({ id, load }))
}

function perTrialOf(
  planned: readonly PlannedCase[],
  known: ReadonlyMap<string, Known>,
): (id: string) => number {
  for (const measure of measures) {
    const amounts = new Map(
      planned.flatMap(({ id }) => {
        const stats = known.get(id)
        const amount = stats && measure(stats)
        // What was free is not known to be quick.
        return amount === undefined || amount <= 0 ? [] : [[id, amount] as const]
      }),
    )
    // Sorted, so that the order of the cases does not show in the last digit.
    const usual = mean([...amounts.values()].sort((a, b) => a - b))
    if (usual !== undefined) return (id) => amounts.get(id) ?? usual
  }
  return () => 1
}

function mean(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
