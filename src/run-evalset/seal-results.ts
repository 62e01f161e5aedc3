import { neutralNames } from '../gate/seal-holdout.ts'
import type { CaseResult, ControlMetrics } from '../schema/run-result.ts'

/**
 * Rows of a holdout run with their counts and nothing else: neutral names in an order that says
 * nothing, no reason, no tool path, no place. Other rows stay as they are.
 */
export function sealResults(results: readonly CaseResult[]): readonly CaseResult[] {
  if (!results.some(isHoldout)) return results
  const names = neutralNames(results)
  const nameOf = (id: string): string => names.get(id) ?? 'holdout'
  const clusters = new Map<string, string>()
  return results
    .toSorted((a, b) => (nameOf(a.id) < nameOf(b.id) ? -1 : 1))
    .map((one) => {
      // Cases that rise and fall together keep doing so, under the name of their first.
      const cluster = clusters.get(one.cluster) ?? nameOf(one.id)
      clusters.set(one.cluster, cluster)
      const row: CaseResult = {
        ...one,
        id: nameOf(one.id),
        cluster,
        ...(one.twinOf !== undefined && { twinOf: nameOf(one.twinOf) }),
        paths: [],
        failures: [],
      }
      delete row.file
      delete row.slices
      delete row.line
      return row
    })
}

/** Figures of the controls; of a holdout run without the names of trials. */
export function sealControls(
  controls: ControlMetrics,
  results: readonly CaseResult[],
): ControlMetrics {
  const { blastRadius, ...rest } = controls
  if (blastRadius === undefined || !results.some(isHoldout)) return controls
  const { records, tenants, usd } = blastRadius
  const nameless = ({ most }: typeof usd): typeof usd => ({ most })
  return {
    ...rest,
    blastRadius: { usd: nameless(usd), records: nameless(records), tenants: nameless(tenants) },
  }
}

function isHoldout({ split }: CaseResult): boolean {
  return split === 'holdout'
}
