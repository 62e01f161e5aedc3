import {
  type Asked,
  type CassetteEntry,
  type RecordedReply,
  sortEntries,
} from './cassette-entry.ts'
import type { HttpResponse } from './http-cassette.ts'
import { type CassetteMiss, describeMiss, nameOf } from './miss.ts'
import { createNearest } from './nearest.ts'

/** Misses that are described for the end of the run; of all others there is a count. */
const maxKept = 20
/** Unused recordings that are named. */
const maxNamed = 5

export interface Misses {
  readonly count: number
  /** The first ones, sorted. */
  readonly first: readonly CassetteMiss[]
}

/** Recordings that nobody asked for. */
export interface Unused {
  /** Of trials that were planned: the agent has changed its ways. */
  readonly count: number
  /** The first few of these, as messages call them. */
  readonly names: readonly string[]
  /** Of trials that were not part of this run. */
  readonly ofOtherTrials: number
}

export interface Replaying {
  readonly model: (asked: Asked) => RecordedReply | CassetteMiss
  readonly http: (asked: Asked) => HttpResponse | CassetteMiss
  readonly misses: () => Misses
  readonly unused: (planned: (trial: string) => boolean) => Unused
}

/** Answers requests from recordings, and from nothing else. */
export function createReplaying(recorded: readonly CassetteEntry[]): Replaying {
  const entries = sortEntries(recorded)
  const byKey = new Map(entries.map((entry) => [entry.key, entry]))
  const byContent = groupByContent(entries)
  const used = new Set<string>()
  const missed = createMissLog(entries)

  const use = <T>({ key, reply }: { readonly key: string; readonly reply: T }): T => {
    used.add(key)
    return reply
  }
  /** The same words at another place: an agent that asks several things at once has no fixed order. */
  const unusedTwin = ({ content }: Asked): CassetteEntry | undefined =>
    byContent.get(content)?.find(({ key }) => !used.has(key))

  return {
    model(asked) {
      const entry = byKey.get(asked.key)
      return entry?.type === 'model' ? use(entry) : missed.add(asked)
    },
    http(asked) {
      const entry = byKey.get(asked.key) ?? unusedTwin(asked)
      return entry?.type === 'http' ? use(entry) : missed.add(asked)
    },
    misses: missed.all,
    unused(planned) {
      const left = entries.filter(({ key }) => !used.has(key))
      const own = left.filter(({ trial }) => planned(trial))
      const names = own.slice(0, maxNamed).map(nameOf)
      return { count: own.length, names, ofOtherTrials: left.length - own.length }
    },
  }
}

interface MissLog {
  readonly add: (asked: Asked) => CassetteMiss
  readonly all: () => Misses
}

/** Keeps the first misses by place, not by time: which trial was faster must not show. */
function createMissLog(entries: readonly CassetteEntry[]): MissLog {
  let nearest: ReturnType<typeof createNearest> | undefined
  let first: readonly CassetteMiss[] = []
  let count = 0
  return {
    add(asked) {
      nearest ??= createNearest(entries)
      const miss = describeMiss(asked, nearest(asked))
      const known = new Map([...first, miss].map((one) => [one.asked, one]))
      const sorted = sortEntries([...known.keys()]).slice(0, maxKept)
      first = sorted.flatMap((one) => known.get(one) ?? [])
      count += 1
      return miss
    },
    all: () => ({ count, first }),
  }
}

function groupByContent(
  entries: readonly CassetteEntry[],
): ReadonlyMap<string, readonly CassetteEntry[]> {
  const groups = new Map<string, CassetteEntry[]>()
  for (const entry of entries) {
    const group = groups.get(entry.content)
    if (group === undefined) groups.set(entry.content, [entry])
    else group.push(entry)
  }
  return groups
}
