import type { DecidedAgain, OwnWord } from '../../replay/decide-again.ts'
import type { MovedActions } from '../../schema/policy-diff.ts'
import type { PolicyOutcome } from '../../schema/policy-outcome.ts'
import { parseTrialKey } from '../../schema/trial-key.ts'

/** Enough to look at; the count says how many there are. */
const mostExamples = 3

/** How a record is read. */
export interface MovedReading {
  /** Whether the actions were recorded under the old rules, or under the new ones. */
  readonly recorded: 'old' | 'new'
  /** Whether a trial may be named: one of a holdout may not. */
  readonly mayName: (trial: string) => boolean
}

/** Actions that are decided otherwise, put together by what made the difference. */
export interface MovedTally {
  readonly add: (trial: string, action: DecidedAgain) => void
  /** What is allowed now comes first, then the most frequent. */
  readonly finish: () => MovedActions[]
}

export function tallyMoved({ mayName, recorded }: MovedReading): MovedTally {
  const groups = new Map<string, MovedActions>()
  return {
    add(trial, action) {
      const [was, now] =
        recorded === 'old' ? [action.recorded, action.again] : [action.again, action.recorded]
      const { kind, tool } = action
      const made = {
        was: was.outcome,
        now: now.outcome,
        rules: [...stricter(was, now).rules],
        kind,
        ...(tool !== undefined && { tool }),
      }
      const key = JSON.stringify(made)
      const known = groups.get(key) ?? { ...made, count: 0, examples: [] }
      const examples = mayName(trial) ? firstOf([...known.examples, trial]) : known.examples
      groups.set(key, { ...known, count: known.count + 1, examples })
    },
    finish: () => [...groups].sort(inOrder).map(([, group]) => group),
  }
}

const strength: Readonly<Record<PolicyOutcome, number>> = {
  allow: 0,
  modify: 1,
  escalate: 2,
  deny: 3,
  error: 3,
}

function stricter(was: OwnWord, now: OwnWord): OwnWord {
  return strength[was.outcome] > strength[now.outcome] ? was : now
}

type Entry = readonly [string, MovedActions]

function inOrder([keyA, a]: Entry, [keyB, b]: Entry): number {
  const byNow = strength[a.now] - strength[b.now]
  return byNow || b.count - a.count || (keyA < keyB ? -1 : 1)
}

/** Whatever the order in which trials ended: a resumed run names the same ones. */
function firstOf(trials: readonly string[]): string[] {
  return [...new Set(trials)].sort(byCaseAndNumber).slice(0, mostExamples)
}

function byCaseAndNumber(a: string, b: string): number {
  const [of, to] = [parseTrialKey(a), parseTrialKey(b)]
  if (of === undefined || to === undefined || of.case !== to.case) return a < b ? -1 : 1
  return of.trial - to.trial || (a < b ? -1 : 1)
}
