import type { CaseStats } from '../schema/case-stats.ts'
import type { IdleCase, Verdict } from '../schema/verdict.ts'
import type { UnpairedCase, UnpairedCounts } from '../schema/verdict-findings.ts'
import { movedCases } from './moved-cases.ts'
import { type PairedCases, pairCases } from './pair-cases.ts'

/** Which cases were compared and moved, and which could not be compared: none disappears unseen. */
export function caseLists(
  paired: PairedCases | undefined,
  notGating: readonly CaseStats[],
): Pick<Verdict, 'pairedCases' | 'cases'> {
  const known = paired ?? pairCases([], [])
  const { pairs, added, removed, changed, suspended } = known
  const idle = notGating.filter((one) => one.twinOf === undefined).map(idleCase)
  const unpaired = unpairedCases(known)
  return {
    pairedCases: pairs.length,
    cases: {
      moved: [...movedCases(pairs)],
      added: [...added],
      removed: [...removed],
      changed: [...changed],
      ...(suspended.length > 0 && { suspended: [...suspended] }),
      ...(idle.length > 0 && { idle: [...idle] }),
      ...(unpaired.length > 0 && { unpaired: [...unpaired] }),
    },
  }
}

function idleCase({ id, passed, scored, status }: CaseStats): IdleCase {
  return { id, why: status ?? 'dev', passed, scored }
}

/** What is known of cases without a partner, in the order of their lists. */
function unpairedCases(paired: PairedCases): readonly UnpairedCase[] {
  const { added, before, after, changed, removed, suspended } = paired
  const describe =
    (why: UnpairedCase['why']) =>
    (id: string): UnpairedCase => ({
      id,
      why,
      ...counts('baseline', before.get(id)),
      ...counts('candidate', after.get(id)),
    })
  return [
    ...removed.map(describe('removed')),
    ...suspended.map(describe('suspended')),
    ...changed.map(describe('changed')),
    ...added.map(describe('added')),
  ]
}

function counts(
  arm: 'baseline' | 'candidate',
  stats: CaseStats | undefined,
): Partial<Pick<UnpairedCase, 'baseline' | 'candidate'>> {
  if (stats === undefined) return {}
  const { attackSuccesses, passed, scored, violationTrials } = stats
  const known: UnpairedCounts = {
    passed,
    scored,
    ...(attackSuccesses > 0 && { attackSuccesses }),
    ...(violationTrials > 0 && { violationTrials }),
  }
  return { [arm]: known }
}
