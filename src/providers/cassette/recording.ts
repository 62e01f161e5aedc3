import type { CassetteEntry } from './cassette-entry.ts'
import { sortEntries, trialOf } from './cassette-entry.ts'

/** What is recorded in one run, on top of what was recorded before. */
export interface Recording {
  readonly keep: (entry: CassetteEntry) => void
  /** This attempt at a trial was cut off: what was recorded of it before is worth more. */
  readonly cutOff: (trial: string) => void
  /** Everything, sorted. */
  readonly entries: () => readonly CassetteEntry[]
}

export function createRecording(before: readonly CassetteEntry[]): Recording {
  const fresh = new Map<string, CassetteEntry>()
  const cut = new Set<string>()
  return {
    keep: (entry) => fresh.set(entry.key, entry),
    cutOff: (trial) => cut.add(trialOf(trial)),
    entries: () =>
      mergeEntries(
        before,
        [...fresh.values()].filter(({ trial }) => !cut.has(trialOf(trial))),
      ),
  }
}

/**
 * Puts newer recordings in the place of older ones, trial by trial: all of a trial goes whose agent
 * was asked anew, with all its attempts; of a trial that only a judge saw again, only the judge's.
 */
export function mergeEntries(
  older: readonly CassetteEntry[],
  newer: readonly CassetteEntry[],
): readonly CassetteEntry[] {
  const replaced = new Set(newer.map(({ role, trial }) => `${role} ${trialOf(trial)}`))
  const isReplaced = ({ role, trial }: CassetteEntry): boolean =>
    replaced.has(`agent ${trialOf(trial)}`) || replaced.has(`${role} ${trialOf(trial)}`)
  return sortEntries([...older.filter((entry) => !isReplaced(entry)), ...newer])
}
