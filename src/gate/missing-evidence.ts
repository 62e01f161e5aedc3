import { caseChanges } from '../metrics/case-changes.ts'
import { fisher } from '../metrics/fisher.ts'
import type { CaseStats } from '../schema/case-stats.ts'
import type { PairedCases } from './pair-cases.ts'

/** Share of an arm's trials that may be lost to the surroundings. */
export const toleratedLoss = 0.05
/** Share of the baseline's cases that the candidate may lack. */
const toleratedRemoval = 0.1
const alpha = 0.05

/** What stands beside the cases that count. */
interface Beside {
  /** Cases that ran and do not count. */
  readonly idle?: readonly CaseStats[] | undefined
  /** Ids of eval sets that the base runs and this change does not. */
  readonly goneSets?: readonly string[] | undefined
}

/**
 * Why there is no verdict, in words; empty when the evidence is there.
 *
 * @param candidate - the cases that count
 */
export function missingEvidence(
  candidate: readonly CaseStats[],
  paired: PairedCases | undefined,
  { goneSets = [], idle = [] }: Beside = {},
): readonly string[] {
  const sets = goneSets.map((id) => `eval set "${id}" of the base is not run any more`)
  return [...sets, ...missingTrials(candidate, paired, idle)]
}

function missingTrials(
  candidate: readonly CaseStats[],
  paired: PairedCases | undefined,
  idle: readonly CaseStats[],
): readonly string[] {
  const own = candidate.filter((one) => one.twinOf === undefined)
  const inCandidate = count(own)
  if (inCandidate.scored === 0) {
    const onlyIdle = own.length === 0 && idle.length > 0
    return [onlyIdle ? 'no case of the run gates' : 'no trial of the candidate was scored']
  }
  const found = tooManyLost('candidate', inCandidate)
  if (paired === undefined) return found
  if (paired.pairs.length === 0) return [...found, nothingToCompare(paired)]

  const before = count(paired.pairs.map((pair) => pair.baseline))
  const after = count(paired.pairs.map((pair) => pair.candidate))
  return [
    ...(found.length > 0 ? found : tooManyLost('candidate in the cases compared', after)),
    ...(before.scored > 0
      ? tooManyLost('baseline', before)
      : ['no trial of the baseline was scored']),
    ...unevenLoss(before, after),
    ...tooManyRemoved(paired),
  ]
}

/** Another world, policy or grader makes another yardstick of every case. */
function nothingToCompare({ changed, removed }: PairedCases): string {
  const nothing = 'no case can be compared with the baseline'
  if (changed.length === 0) return nothing
  const gone = removed.length === 0 ? '' : `, ${removed.length} are gone`
  return `${nothing}: the case, its world or the judging policy changed in ${changed.length}${gone}`
}

interface Counted {
  readonly scored: number
  readonly lost: number
}

function count(cases: readonly CaseStats[]): Counted {
  return {
    scored: cases.reduce((sum, one) => sum + one.scored, 0),
    lost: cases.reduce((sum, one) => sum + one.invalid + one.incomplete, 0),
  }
}

function tooManyLost(arm: string, { scored, lost }: Counted): readonly string[] {
  const all = scored + lost
  if (lost <= toleratedLoss * all) return []
  return [`${lost} of ${all} trials of the ${arm} have no result`]
}

/** Losses that hit one arm more than the other are not neutral: they may be the agent's doing. */
function unevenLoss(baseline: Counted, candidate: Counted): readonly string[] {
  if (baseline.lost === 0 && candidate.lost === 0) return []
  const { twoSided } = fisher({
    baselineEvents: baseline.lost,
    baselineTrials: baseline.scored + baseline.lost,
    candidateEvents: candidate.lost,
    candidateTrials: candidate.scored + candidate.lost,
  })
  if (twoSided >= alpha) return []
  return [`trials without a result differ between the arms: ${baseline.lost} and ${candidate.lost}`]
}

/**
 * Deleting a failing case must not turn the gate green, and neither must putting it into quarantine.
 */
function tooManyRemoved(paired: PairedCases): readonly string[] {
  const { pairs, changed, removed, suspended } = paired
  const unscored = pairs.filter(
    ({ baseline, candidate }) => baseline.scored > 0 && candidate.scored === 0,
  )
  const spoilt = changedForTheWorse(paired)
  const gone = removed.length + suspended.length + unscored.length + spoilt
  const all = pairs.length + changed.length + removed.length + suspended.length
  if (gone <= toleratedRemoval * all) return []
  return [
    `${gone} of the baseline's ${all} cases have no trial in the candidate${setAside(suspended.length)}${rewritten(spoilt)}`,
  ]
}

/**
 * Cases that were redefined and do worse than before, by more than their noise. Another case may be
 * harder; but whoever touches just the cases that fail takes them out of the comparison.
 */
function changedForTheWorse({ after, before, changed }: PairedCases): number {
  const counts = changed.flatMap((id) => {
    const [was, now] = [before.get(id), after.get(id)]
    if (was === undefined || now === undefined || was.scored === 0 || now.scored === 0) return []
    return {
      baselineEvents: was.passed,
      baselineTrials: was.scored,
      candidateEvents: now.passed,
      candidateTrials: now.scored,
    }
  })
  return caseChanges(counts, 'fewer').broken.length
}

function rewritten(cases: number): string {
  return cases === 0 ? '' : `; ${cases} of them were changed and do worse`
}

function setAside(cases: number): string {
  if (cases === 0) return ''
  return ` that counts: ${cases} ${cases === 1 ? 'does' : 'do'} not gate any more`
}
