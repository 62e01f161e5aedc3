import { parseTrialKey } from '../../schema/trial-key.ts'
import type { Asked, CassetteEntry } from './cassette-entry.ts'
import { conversationOf, fingerprint } from './request-key.ts'

/** Of more recordings than this, the first ones stand for all: every trial of a run may miss. */
const maxCompared = 200

/**
 * Finds the recording that a request most probably means: that of the same place; else the most
 * similar one of the same trial, of the same step of the case's other trials, or of the same role.
 */
export function createNearest(
  entries: readonly CassetteEntry[],
): (asked: Asked) => CassetteEntry | undefined {
  const pools = new Map<string, CassetteEntry[]>()
  for (const entry of entries) {
    for (const name of poolNames(entry)) {
      const pool = pools.get(name)
      if (pool === undefined) pools.set(name, [entry])
      else if (pool.length < maxCompared) pool.push(entry)
    }
  }
  return (asked) => {
    const name = poolNames(asked).find((one) => pools.has(one))
    return name === undefined ? undefined : mostSimilar(asked, pools.get(name) ?? [])
  }
}

/** From the narrowest to the widest. */
function poolNames({ ordinal, role, trial }: Asked): readonly string[] {
  return [
    JSON.stringify([role, 'place', trial, ordinal]),
    JSON.stringify([role, 'trial', trial]),
    JSON.stringify([role, 'step', parseTrialKey(trial)?.case ?? trial, ordinal]),
    JSON.stringify([role]),
  ]
}

/** The first of the most similar ones; they come sorted, so the answer does not depend on chance. */
function mostSimilar(asked: Asked, pool: readonly CassetteEntry[]): CassetteEntry | undefined {
  const said = new Set(partsOf(asked))
  let best: { readonly entry: CassetteEntry; readonly score: number } | undefined
  for (const entry of pool) {
    const parts = partsOf(entry)
    const common = parts.filter((part) => said.has(part)).length
    // Common parts count for it, others against it: the longest conversation is not the nearest.
    const score = 2 * common - parts.length
    if (best === undefined || score > best.score) best = { entry, score }
  }
  return best?.entry
}

function partsOf({ reference, request }: Asked): readonly string[] {
  const talk = conversationOf(request)
  const members = Object.entries(request).flatMap(([name, value]) =>
    name === talk?.in ? [] : [`${name} ${fingerprint(value)}`],
  )
  return [reference, ...members, ...(talk?.items ?? []).map(fingerprint)]
}
