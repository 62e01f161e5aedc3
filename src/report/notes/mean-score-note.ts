import type { Verdict } from '../../schema/verdict.ts'
import { percent, pointsSize } from '../format.ts'

/**
 * What the usual rule would have said, where it would have said something else: that the mean score may
 * fall by so many points. It sees neither whom a change harmed nor how much of a change is noise.
 */
export function meanScoreNotes({ metrics, status }: Verdict): readonly string[] {
  const tsr = metrics.find(({ id }) => id === 'tsr')
  if (tsr?.baseline === undefined || tsr.candidate === undefined) return []
  const drop = tsr.baseline - tsr.candidate
  const wouldPass = drop <= tsr.margin
  const isFound = status === 'regression'
  if (status === 'error' || wouldPass !== isFound) return []
  const change = `tasks done ${percent(tsr.baseline)} to ${percent(tsr.candidate)}`
  const allowed = `${pointsSize(tsr.margin)} points allowed`
  return [
    `a rule on the mean score would have ${wouldPass ? 'passed' : 'failed'} this: ${change}, ${allowed}`,
  ]
}
