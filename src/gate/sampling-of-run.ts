import type { CaseStats } from '../schema/case-stats.ts'
import { byStanding } from '../schema/deciding-cases.ts'
import type { RunManifest } from '../schema/run-manifest.ts'
import type { SamplingState } from './sampling-state.ts'

/**
 * How far a run went, for the gate.
 *
 * @param cases - what its trials came to, all cases that were planned
 * @returns `undefined` for a run of which all trials ran and which is looked at once
 */
export function samplingOfRun(
  { sampling }: Pick<RunManifest, 'sampling'>,
  cases: readonly CaseStats[],
): SamplingState | undefined {
  if (sampling === undefined) return undefined
  const { firstLook, maxTrials, stopped } = sampling
  return {
    rounds: stopped?.rounds ?? maxTrials,
    maxRounds: maxTrials,
    firstLook,
    ...(stopped !== undefined && { stopped: stopped.why }),
    notReached: new Set(
      stopped !== undefined && stopped.why !== 'decided' ? withoutTrial(cases) : [],
    ),
  }
}

/** Of the cases that count; nobody waits for a twin or a draft. */
function withoutTrial(cases: readonly CaseStats[]): readonly string[] {
  return byStanding(cases)
    .deciding.filter((one) => one.twinOf === undefined)
    .filter(({ incomplete, invalid, scored }) => scored + invalid + incomplete === 0)
    .map((one) => one.id)
}

/** How far two arms went that are both measured for one comparison: no farther than either. */
export function samplingOfArms(
  arms: readonly (SamplingState | undefined)[],
): SamplingState | undefined {
  const known = arms.filter((one) => one !== undefined)
  return known.reduce<SamplingState | undefined>(
    (least, one) => (least === undefined ? one : lesser(least, one)),
    undefined,
  )
}

function lesser(one: SamplingState, other: SamplingState): SamplingState {
  const shorter = one.rounds <= other.rounds ? one : other
  return { ...shorter, notReached: new Set([...one.notReached, ...other.notReached]) }
}
