import { asJson } from '../schema/json.ts'
import type { StoredVote } from '../schema/judge.ts'
import type { EventOf, TraceEvent } from '../schema/trace.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import type { JudgePort } from './ask-judge.ts'
import { voterOf } from './stored-votes.ts'
import type { Transcript } from './transcript.ts'

/** A criterion that still lacks votes on a transcript, with all that somebody needs to cast them. */
export interface OpenVote
  extends Pick<StoredVote, 'criterion' | 'criterionHash' | 'judge' | 'transcriptHash'> {
  readonly question: string
  /** Cases that came to this transcript, sorted. */
  readonly cases: readonly string[]
  /** Ordinals without a vote. */
  readonly missing: readonly number[]
  readonly transcript: string
}

/** A trial that a judge is to look at. */
interface JudgedTranscript {
  readonly case: string
  readonly criteria: readonly string[]
  readonly transcript: Transcript
}

/**
 * Which votes a run would have to ask for, each transcript and criterion once, however many trials
 * came to it; sorted by criterion and transcript.
 */
export function openVotes(
  trials: Iterable<JudgedTranscript>,
  { stored, yardstick }: Pick<JudgePort, 'stored' | 'yardstick'>,
): readonly OpenVote[] {
  const found = new Map<string, OpenVote>()
  const judge = voterOf(yardstick.model)
  const ordinals = Array.from({ length: yardstick.votes }, (_, ordinal) => ordinal)
  for (const { case: of, criteria, transcript } of trials) {
    for (const id of criteria) {
      const criterion = yardstick.criteria.get(id)
      if (criterion === undefined) continue
      const vote = { criterionHash: criterion.hash, transcriptHash: transcript.hash, judge }
      const missing = ordinals.filter((ordinal) => stored({ ...vote, ordinal }) === undefined)
      if (missing.length === 0) continue
      const key = `${id} ${transcript.hash}`
      const cases = [...new Set([...(found.get(key)?.cases ?? []), of])].sort()
      const { question } = criterion
      found.set(key, {
        criterion: id,
        ...vote,
        question,
        cases,
        missing,
        transcript: transcript.text,
      })
    }
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
}

/** The votes of a trace in the form in which they are committed; failures are no votes. */
export function votesIn(
  events: readonly TraceEvent[],
  { seqOf }: Transcript,
): readonly StoredVote[] {
  const lineOf = new Map([...seqOf].map(([line, seq]) => [seq, line]))
  return events.filter(isVote).flatMap((event): readonly StoredVote[] => {
    const { criterion, criterionHash, model, ordinal, reason, transcriptHash, vote } = event
    if (vote === undefined) return []
    const quotes = (event.quotes ?? []).flatMap(({ seq, text }) => {
      const line = lineOf.get(seq)
      return line === undefined ? [] : [{ line, text }]
    })
    return [
      {
        criterion,
        criterionHash,
        transcriptHash,
        judge: voterOf(model),
        ordinal,
        vote,
        ...(reason !== undefined && { reason }),
        ...(quotes.length > 0 && { quotes }),
      },
    ]
  })
}

function isVote(event: TraceEvent): event is EventOf<'judge.vote'> {
  return event.type === 'judge.vote'
}

/** The text of `votes_file`: one vote a line, sorted, each once; the same votes give the same bytes. */
export function formatVotes(votes: readonly StoredVote[]): string {
  const lines = new Map<string, string>()
  for (const vote of votes) {
    const { criterion, criterionHash, judge, ordinal, transcriptHash } = vote
    const place = String(ordinal).padStart(3, '0')
    const key = [criterion, criterionHash, transcriptHash, judge, place].join('\n')
    if (!lines.has(key)) lines.set(key, canonicalJson(asJson(vote)))
  }
  const sorted = [...lines.entries()].sort(([a], [b]) => (a < b ? -1 : 1))
  return sorted.map(([, line]) => `${line}\n`).join('')
}
