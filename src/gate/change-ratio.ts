import { noiseShare } from '../metrics/noise-share.ts'
import type { PairedCounts } from '../metrics/paired-counts.ts'
import type { GateAa } from '../schema/gate-check.ts'
import { rounded } from './finding.ts'
import type { TwoArms } from './split-arms.ts'

/** Enough to tell one in a hundred from chance. */
const deals = 999

/**
 * How much the halves of single cases differ, relative to what their trials explain, and how often
 * trials dealt to the halves at random differ as much. Few noisy cases give a large ratio by luck, so
 * the ratio alone says little.
 *
 * @param random - a seeded source of numbers in [0, 1)
 * @returns `undefined` where no case has both outcomes
 */
export function changeRatioOf(
  { first, second }: TwoArms,
  random: () => number,
): GateAa['changeRatio'] {
  const counts = first.flatMap((one, index): readonly PairedCounts[] => {
    const other = second[index]
    if (other === undefined || one.scored === 0 || other.scored === 0) return []
    const baseline = { baselineEvents: one.passed, baselineTrials: one.scored }
    return [{ ...baseline, candidateEvents: other.passed, candidateTrials: other.scored }]
  })
  const value = noiseShare(counts).changeRatio
  if (value === undefined) return undefined
  let asLarge = 0
  for (let round = 0; round < deals; round += 1) {
    const dealt = counts.map((one) => dealAgain(one, random))
    // Ties differ in their last bits only.
    if ((noiseShare(dealt).changeRatio ?? 0) >= value - 1e-9) asLarge += 1
  }
  // The split that was seen is one of the possible ones, so p is never 0.
  return { value: rounded(value), p: rounded((asLarge + 1) / (deals + 1)) }
}

/** The same trials of a case, dealt to arms of the same sizes. */
function dealAgain(counts: PairedCounts, random: () => number): PairedCounts {
  const { baselineEvents, baselineTrials, candidateEvents, candidateTrials } = counts
  const events = baselineEvents + candidateEvents
  const trials = baselineTrials + candidateTrials
  if (events === 0 || events === trials) return counts
  let dealt = 0
  for (let taken = 0; taken < candidateTrials; taken += 1) {
    if (random() * (trials - taken) < events - dealt) dealt += 1
  }
  return { ...counts, baselineEvents: events - dealt, candidateEvents: dealt }
}
