import { countVotes } from '../graders/judge/count-votes.ts'
import type { JudgedCriterion, JudgeYardstick } from '../graders/judge/yardstick.ts'
import type { Provider } from '../providers/provider.ts'
import { askModel } from '../replay/ask-model.ts'
import type { Books } from '../replay/recorder.ts'
import type { EventBody } from '../schema/trace.ts'
import { judgeRequest } from './judge-request.ts'
import { type CastVote, readVote } from './read-vote.ts'
import { isStoredJudge, type StoredVotes, voterOf } from './stored-votes.ts'
import type { Transcript } from './transcript.ts'

/** A judge, ready to be asked. */
export interface JudgePort {
  readonly yardstick: JudgeYardstick
  readonly stored: StoredVotes
  /** Limited, priced and on its cassette; absent for `stored:NAME`, which asks nobody. */
  readonly live?: { readonly provider: Provider; readonly model: string }
  /** Why nobody is asked and no stored vote counts: the judge is not what it was. */
  readonly stopped?: string
}

/** A trial that has ended, and what is asked about it. */
export interface JudgedTrial {
  readonly transcript: Transcript
  /** Ids of criteria, as the case has them in `expect.judge`. */
  readonly criteria: readonly string[]
  readonly trial: string
  readonly seed: number
  /**
   * Whether nothing else has failed the trial, see `isOpenToJudge`. If something has, only stored
   * votes are written down: asking would cost money and change nothing.
   */
  readonly isOpen: boolean
}

/**
 * Asks a judge about one trial, one criterion a request, and writes every vote down as `judge.vote`.
 *
 * Votes that are stored for this very transcript are taken first. A criterion is settled, and no more
 * is asked, once no further vote can change its majority. A failure is written down as one and is no
 * vote; never throws for it. An abort ends it early.
 */
export async function askJudge(
  judged: JudgedTrial,
  judge: JudgePort,
  desk: { readonly books: Books; readonly signal: AbortSignal },
): Promise<void> {
  for (const [index, id] of judged.criteria.entries()) {
    const criterion = judge.yardstick.criteria.get(id)
    if (criterion === undefined) continue
    const asking: Asking = {
      criterion,
      judge,
      judged,
      first: index * judge.yardstick.votes,
      ...desk,
    }
    if (judge.stopped === undefined) await askCriterion(asking)
    else recordStop(asking, judge.stopped)
  }
}

/** One criterion, and all that its votes need. */
interface Asking {
  readonly criterion: JudgedCriterion
  readonly judge: JudgePort
  readonly judged: JudgedTrial
  /** Ordinal of its first request among those of the trial. */
  readonly first: number
  readonly books: Books
  readonly signal: AbortSignal
}

async function askCriterion(asking: Asking): Promise<void> {
  const { books, judge, signal } = asking
  const { votes } = judge.yardstick
  const cast: (CastVote | undefined)[] = []
  for (let ordinal = 0; ordinal < votes && !signal.aborted; ordinal += 1) {
    const vote = storedVote(asking, ordinal) ?? (await liveVote(asking, ordinal))
    cast.push(vote?.cast)
    if (vote !== undefined) {
      books.record({ ...voteHead(asking, ordinal), ...vote.body, from: vote.from })
    }
    if (countVotes(cast.map(answerOf), votes) !== 'open') return
  }
}

function answerOf(cast: CastVote | undefined): 'yes' | 'no' | 'abstain' | undefined {
  return cast !== undefined && 'vote' in cast ? cast.vote : undefined
}

type VoteEvent = Extract<EventBody, { type: 'judge.vote' }>

/** A vote, and what of its event it makes. */
interface Recorded {
  readonly cast: CastVote
  readonly body: Pick<VoteEvent, 'error' | 'quotes' | 'reason' | 'vote'>
  readonly from: VoteEvent['from']
}

function storedVote({ criterion, judge, judged }: Asking, ordinal: number): Recorded | undefined {
  const { transcript } = judged
  const vote = judge.stored({
    criterionHash: criterion.hash,
    transcriptHash: transcript.hash,
    judge: voterOf(judge.yardstick.model),
    ordinal,
  })
  if (vote === undefined) return undefined
  const { quotes = [], reason = '' } = vote
  return recorded({ vote: vote.vote, reason, quotes }, transcript, 'stored')
}

async function liveVote(asking: Asking, ordinal: number): Promise<Recorded | undefined> {
  const { books, criterion, first, judge, judged, signal } = asking
  const { live, yardstick } = judge
  const { seed, transcript, trial } = judged
  const isAsked = judged.isOpen && transcript.text !== ''
  if (live === undefined || !isAsked) return undefined
  const request = judgeRequest(criterion, transcript.text, {
    model: live.model,
    seed,
    trial,
    ordinal: first + ordinal,
  })
  const asked = {
    role: 'judge',
    provider: live.provider,
    reference: yardstick.model,
    request,
  } as const
  const reply = await askModel(asked, books, signal)
  if (!reply.ok) {
    const { class: kind, message } = reply.error
    return recorded({ error: { class: kind, message } }, transcript, 'live')
  }
  return recorded(readVote(reply.response, transcript.text), transcript, reply.response.from)
}

function recorded(cast: CastVote, { seqOf }: Transcript, from: VoteEvent['from']): Recorded {
  if ('error' in cast) return { cast, body: { error: cast.error }, from }
  const quotes = cast.quotes.flatMap(({ line, text }) => {
    const seq = seqOf.get(line)
    return seq === undefined ? [] : [{ seq, text }]
  })
  const { reason, vote } = cast
  return {
    cast,
    body: { vote, ...(reason !== '' && { reason }), ...(quotes.length > 0 && { quotes }) },
    from,
  }
}

function recordStop(asking: Asking, message: string): void {
  const from = isStoredJudge(asking.judge.yardstick.model) ? 'stored' : 'live'
  const error = { class: 'bug', message } as const
  asking.books.record({ ...voteHead(asking, 0), error, stopped: true, from })
}

function voteHead({ criterion, judge, judged }: Asking, ordinal: number): Omit<VoteEvent, 'from'> {
  return {
    type: 'judge.vote',
    criterion: criterion.id,
    criterionHash: criterion.hash,
    transcriptHash: judged.transcript.hash,
    model: judge.yardstick.model,
    ordinal,
  }
}
