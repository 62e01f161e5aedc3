import type { LoadedEvalSet } from '../../suites/load-evalset.ts'

/** The cases whose trials decide. */
export function gatingCases({ cases }: Pick<LoadedEvalSet, 'cases'>): LoadedEvalSet['cases'] {
  return cases.filter(({ split, status }) => split === 'gate' && status === 'active')
}
