import type { TrialLine } from '../../schema/trial.ts'
import type { Verdict } from '../../schema/verdict.ts'
import { brokenIn, worstFirst } from '../cases/moved-cases.ts'
import { harmOf } from './page-trials.ts'
import { type ArmName, trialKeyOn } from './trial-key-on.ts'

/** Failing trials that are shown of a case that moved before any other case is. */
const perMovedCase = 2

export interface OrderedTrial {
  readonly arm: ArmName
  readonly line: TrialLine
}

interface Trials {
  readonly candidate: readonly TrialLine[]
  readonly baseline: readonly TrialLine[]
}

/**
 * In which order trials get a place on a page that holds only so much: of each case that got worse one or
 * two that failed and one that did not, from either arm; then all that failed; then one of every case.
 * The others have none.
 */
export function traceOrder(verdict: Verdict | undefined, trials: Trials): readonly OrderedTrial[] {
  const ofCandidate = byCase('candidate', trials.candidate)
  const ofBaseline = byCase('baseline', trials.baseline)
  const worse = worseCases(verdict).flatMap((id) => {
    const now = ofCandidate.get(id) ?? []
    const good = [...(ofBaseline.get(id) ?? []), ...now].find((one) => !isBad(one))
    return [...now.filter(isBad).slice(0, perMovedCase), ...(good === undefined ? [] : [good])]
  })
  const failing = [...ofCandidate.values()].flatMap((ofCase) => ofCase.filter(isBad))
  const firsts = [...ofCandidate.values()].flatMap((ofCase) => ofCase.slice(0, 1))
  return unique([...worse, ...failing, ...firsts])
}

/** Worst first: those that moved, and those of which a fact is known. */
function worseCases(verdict: Verdict | undefined): readonly string[] {
  if (verdict === undefined) return []
  const moved = worstFirst(verdict).filter(({ direction }) => direction === 'worse')
  return [...new Set([...moved.map(({ id }) => id), ...brokenIn(verdict)])]
}

function isBad({ line }: OrderedTrial): boolean {
  return line.outcome !== 'pass' || harmOf(line) !== ''
}

function byCase(
  arm: ArmName,
  lines: readonly TrialLine[],
): ReadonlyMap<string, readonly OrderedTrial[]> {
  const sorted = lines.toSorted(
    (a, b) =>
      compare(a.case, b.case) ||
      a.trial - b.trial ||
      a.attempt - b.attempt ||
      compare(a.mode, b.mode),
  )
  const cases = new Map<string, OrderedTrial[]>()
  for (const line of sorted) {
    const known = cases.get(line.case)
    if (known === undefined) cases.set(line.case, [{ arm, line }])
    else known.push({ arm, line })
  }
  return cases
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function unique(trials: readonly OrderedTrial[]): readonly OrderedTrial[] {
  const seen = new Set<string>()
  return trials.filter(({ arm, line }) => {
    const key = trialKeyOn(arm, line)
    const isNew = !seen.has(key)
    seen.add(key)
    return isNew
  })
}
