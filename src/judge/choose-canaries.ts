import type { Canary } from '../schema/judge.ts'
import { sha256 } from '../text/hash.ts'
import type { AnsweredItem } from './agreement.ts'

/** Asked at the start of every run that the judge votes in. */
const mostCanaries = 20

/** A calibration is committed, and read by people. */
const longestTranscript = 20_000

interface CanaryGround {
  /** By transcript hash. */
  readonly transcripts: ReadonlyMap<string, string>
  readonly items: readonly (AnsweredItem & { readonly criterionHash: string })[]
}

/**
 * Freezes transcripts to see by whether a judge still votes as it did: as many of each criterion and of
 * yes and no as there are, up to 20 in all. Which ones is decided by their hashes alone, so that
 * nobody picks those that are easy, and the same labels freeze the same.
 */
export function chooseCanaries({ items, transcripts }: CanaryGround): readonly Canary[] {
  const strata = new Map<string, Canary[]>()
  for (const { criterion, criterionHash, majority, transcriptHash } of items) {
    const transcript = transcripts.get(transcriptHash)
    if (majority === undefined || transcript === undefined) continue
    if (transcript.length > longestTranscript) continue
    const key = `${criterion}\n${majority}`
    const canary = { criterion, criterionHash, transcriptHash, transcript, vote: majority }
    strata.set(key, [...(strata.get(key) ?? []), canary])
  }
  const queues = [...strata]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, canaries]) => canaries.toSorted((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1)))
  return takeInTurns(queues, mostCanaries).toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
}

function takeInTurns<T>(queues: readonly (readonly T[])[], most: number): readonly T[] {
  const longest = Math.max(0, ...queues.map((queue) => queue.length))
  const rounds = Array.from({ length: longest }, (_, round) => round)
  return rounds
    .flatMap((round) => queues.flatMap((queue) => queue.slice(round, round + 1)))
    .slice(0, most)
}

function rankOf({ criterionHash, transcriptHash }: Canary): string {
  return sha256(`canary\n${criterionHash}\n${transcriptHash}`)
}

function nameOf({ criterion, transcriptHash }: Canary): string {
  return `${criterion}\n${transcriptHash}`
}
