import type { StoredVote } from '../schema/judge.ts'

/** Which vote is meant: on which wording, on which transcript, by whom, and the how manieth. */
type VoteKey = Pick<StoredVote, 'criterionHash' | 'judge' | 'ordinal' | 'transcriptHash'>

/** Votes that are committed with an eval set: whoever has the same transcript asks nobody. */
export type StoredVotes = (key: VoteKey) => StoredVote | undefined

/** Of several entries for one vote, the first counts: appending never changes what was decided. */
export function storedVotes(votes: readonly StoredVote[]): StoredVotes {
  const byKey = new Map<string, StoredVote>()
  for (const vote of votes) {
    const key = keyOf(vote)
    if (!byKey.has(key)) byKey.set(key, vote)
  }
  return (key) => byKey.get(keyOf(key))
}

function keyOf({ criterionHash, judge, ordinal, transcriptHash }: VoteKey): string {
  return JSON.stringify([criterionHash, transcriptHash, judge, ordinal])
}

/** What stands before the name of a judge that is never asked. */
const storedPrefix = 'stored:'

/** Whether only votes that are committed count, and nobody is ever asked. */
export function isStoredJudge(reference: string): boolean {
  return reference.startsWith(storedPrefix)
}

/** Under which name a judge's votes are stored: of `stored:NAME` the name, else the model itself. */
export function voterOf(reference: string): string {
  return isStoredJudge(reference) ? reference.slice(storedPrefix.length) : reference
}
