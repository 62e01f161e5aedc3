import type { WrittenCase } from '../schema/case.ts'
import type { EvalSetFile } from '../schema/evalset.ts'
import { unknownName } from './describe.ts'
import type { Finding } from './problem.ts'

/** Strata, and values of strata, that have a weight but no case: they would count for nothing. */
export function checkWeights(
  { weights }: EvalSetFile,
  cases: readonly WrittenCase[],
): readonly Finding[] {
  const known = valuesByStratum(cases)
  return Object.entries(weights).flatMap(([stratum, shares]): readonly Finding[] => {
    const values = known.get(stratum)
    const path = ['weights', stratum]
    if (values === undefined) {
      return [{ path, at: 'key', message: unknownName('stratum', stratum, known.keys()) }]
    }
    return Object.keys(shares)
      .filter((value) => !values.has(value))
      .map((value) => ({
        path: [...path, value],
        at: 'key',
        message: unknownName(`value of ${stratum}`, value, values),
      }))
  })
}

function valuesByStratum(cases: readonly WrittenCase[]): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Map<string, Set<string>>()
  for (const { strata } of cases) {
    for (const [stratum, value] of Object.entries(strata)) {
      known.set(stratum, (known.get(stratum) ?? new Set()).add(value))
    }
  }
  return known
}
