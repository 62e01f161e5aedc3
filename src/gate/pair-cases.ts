import type { CaseStats } from '../schema/case-stats.ts'

/** One case in both arms, measured with the same yardstick. */
export interface CasePair {
  readonly baseline: CaseStats
  readonly candidate: CaseStats
}

export interface PairedCases {
  readonly pairs: readonly CasePair[]
  /** In the candidate only. */
  readonly added: readonly string[]
  /** In the baseline only: deleting a failing case must be seen. */
  readonly removed: readonly string[]
  /** In the baseline, and in the candidate no case that counts: a draft, quarantined, or set aside. */
  readonly suspended: readonly string[]
  /** In both, but the case, its world or the rules that judge it have changed. */
  readonly changed: readonly string[]
  /** The cases of each arm by id, without benign twins and without those that nobody asked for. */
  readonly before: ReadonlyMap<string, CaseStats>
  readonly after: ReadonlyMap<string, CaseStats>
  /** Either arm's stats of the cases that are in no pair. */
  readonly unpaired: readonly CaseStats[]
  /** Cases of the baseline that the selection left out. */
  readonly notAsked: number
}

/** Why a case of the baseline may not stand in the candidate. */
interface KnownAbsent {
  /**
   * Cases of the set that this run was not asked for. They are not missing, but a case that is
   * neither in the run nor among these was removed from the set.
   */
  readonly notSelected?: ReadonlySet<string> | undefined
  /** Cases that ran and do not count. */
  readonly idle?: ReadonlySet<string>
}

/**
 * Puts the arms' cases side by side, in the order in which they come. Benign twins are no pairs of
 * their own.
 */
export function pairCases(
  baseline: readonly CaseStats[],
  candidate: readonly CaseStats[],
  { idle, notSelected }: KnownAbsent = {},
): PairedCases {
  const known = baseline.filter((one) => one.twinOf === undefined)
  const asked = known.filter((one) => notSelected?.has(one.id) !== true)
  const before = new Map(asked.map((one) => [one.id, one]))
  const after = candidate.filter((one) => one.twinOf === undefined)
  const pairs: CasePair[] = []
  const added: string[] = []
  const changed: string[] = []
  for (const one of after) {
    const earlier = before.get(one.id)
    if (earlier === undefined) added.push(one.id)
    else if (earlier.definitionHash !== one.definitionHash) changed.push(one.id)
    else pairs.push({ baseline: earlier, candidate: one })
  }
  const present = new Set(after.map((one) => one.id))
  const absent = [...before.keys()].filter((id) => !present.has(id))
  const isIdle = (id: string): boolean => idle?.has(id) === true
  const inPair = new Set(pairs.map((pair) => pair.candidate.id))
  const unpaired = [...asked, ...after].filter((one) => !inPair.has(one.id))
  return {
    pairs,
    before,
    after: new Map(after.map((one) => [one.id, one])),
    added,
    removed: absent.filter((id) => !isIdle(id)),
    suspended: absent.filter(isIdle),
    changed,
    unpaired,
    notAsked: known.length - asked.length,
  }
}
