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

/**
 * Trials of which a recording without failures is there and the new one ends in one: an outage or a
 * wrong key while recording must not cost what was recorded when all was well.
 */
function spoiled(
  before: readonly CassetteEntry[],
  fresh: readonly CassetteEntry[],
): ReadonlySet<string> {
  const failing = trialsWith(fresh, isOutage)
  if (failing.size === 0) return failing
  const known = trialsWith(before, () => true)
  const failedBefore = trialsWith(before, isOutage)
  return new Set([...failing].filter((trial) => known.has(trial) && !failedBefore.has(trial)))
}

function trialsWith(
  entries: readonly CassetteEntry[],
  is: (entry: CassetteEntry) => boolean,
): ReadonlySet<string> {
  return new Set(entries.filter(is).map(({ trial }) => trialOf(trial)))
}

/** Whether the service failed; that a conversation outgrew its model is the agent's own doing. */
function isOutage(entry: CassetteEntry): boolean {
  if (entry.type === 'http') return isFailedStatus(entry.reply.status)
  return !entry.reply.ok && entry.reply.error.class !== 'context_overflow'
}

/** Any 4xx may be the service's word on a request of the agent, but for a key, a quota and a model. */
function isFailedStatus(status: number): boolean {
  return status >= 500 || [401, 402, 403, 404, 408, 429].includes(status)
}

export function createRecording(before: readonly CassetteEntry[]): Recording {
  const fresh = new Map<string, CassetteEntry>()
  const cut = new Set<string>()
  return {
    keep: (entry) => fresh.set(entry.key, entry),
    cutOff: (trial) => cut.add(trialOf(trial)),
    entries: () => {
      const whole = [...fresh.values()].filter(({ trial }) => !cut.has(trialOf(trial)))
      const lost = spoiled(before, whole)
      return mergeEntries(
        before,
        whole.filter(({ trial }) => !lost.has(trialOf(trial))),
      )
    },
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
