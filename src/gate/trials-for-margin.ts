import { type PlannedSuite, type PlanningGoal, trialsNeeded } from '../metrics/planning.ts'

/**
 * Trials of each case that let an unchanged agent pass against a baseline of `factor` times as many.
 *
 * @param factor - how many trials the baseline has for each one of the candidate, ≥ 1
 * @returns `undefined` where no number would do: a margin of 0
 */
export function trialsForMargin(
  suite: Omit<PlannedSuite, 'baselineTrials'>,
  goal: PlanningGoal,
  factor: number,
): number | undefined {
  const { bothArms } = trialsNeeded(suite, goal)
  if (!Number.isSafeInteger(bothArms)) return undefined
  // 1/m + 1/(factor · m) = 2g with 1/g = bothArms; its rounding is made good by stepping up.
  let trials = Math.max(1, Math.floor(((bothArms - 1) * (1 + 1 / factor)) / 2))
  while (trials < bothArms && !isEnough(trials)) trials += 1
  return trials

  function isEnough(count: number): boolean {
    const { candidateOnly } = trialsNeeded({ ...suite, baselineTrials: factor * count }, goal)
    return candidateOnly !== undefined && candidateOnly <= count
  }
}
