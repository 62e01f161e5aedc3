import { caseChanges } from '../metrics/case-changes.ts'
import type { Baseline } from '../schema/baseline.ts'

/** Which rows of a baseline moved by more than their own noise, when it is measured anew. */
export interface MovedRows {
  /** Cases that are the same in both and were scored in both. */
  readonly compared: number
  /** Cases of which any count changed. */
  readonly changed: number
  /** Of these, by Fisher's exact test in how often they pass; ids. */
  readonly worse: readonly string[]
  readonly better: readonly string[]
}

/** Most rows of a baseline that is measured again change by chance; these did not. */
export function movedRows(before: Baseline, after: Baseline): MovedRows {
  const then = new Map(before.cases.map((one) => [one.id, one]))
  const pairs = after.cases.flatMap((now) => {
    const was = then.get(now.id)
    if (was === undefined || now.twinOf !== undefined) return []
    if (was.definitionHash !== now.definitionHash) return []
    if (was.scored === 0 || now.scored === 0) return []
    return [
      {
        id: now.id,
        baselineEvents: was.passed,
        baselineTrials: was.scored,
        candidateEvents: now.passed,
        candidateTrials: now.scored,
      },
    ]
  })
  const { broken, fixed } = caseChanges(pairs, 'fewer')
  const isChanged = (pair: (typeof pairs)[number]): boolean =>
    pair.baselineEvents !== pair.candidateEvents || pair.baselineTrials !== pair.candidateTrials
  return {
    compared: pairs.length,
    changed: pairs.filter(isChanged).length,
    worse: broken.map(({ evalCase }) => evalCase.id),
    better: fixed.map(({ evalCase }) => evalCase.id),
  }
}
