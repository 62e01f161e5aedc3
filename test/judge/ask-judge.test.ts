import { describe, expect, it } from 'vitest'
import { afterTrial } from '../../src/judge/after-trial.ts'
import { askJudge, type JudgePort } from '../../src/judge/ask-judge.ts'
import { storedVotes } from '../../src/judge/stored-votes.ts'
import { transcriptOf } from '../../src/judge/transcript.ts'
import { formatVotes, openVotes, votesIn } from '../../src/judge/votes-to-store.ts'
import type { ModelReply, ModelRequest } from '../../src/providers/provider.ts'
import { storedVote } from '../../src/schema/judge.ts'
import { textPart } from '../../src/schema/message.ts'
import { type EventOf, eventBody, type TraceEvent } from '../../src/schema/trace.ts'
import { aCriterion, aYardstick } from '../builders/judge.ts'
import { aTrace, say } from '../builders/trace.ts'

const ended = aTrace({ steps: [say('Certainly, with pleasure.')] })
const transcript = transcriptOf(ended)
const polite = { answer: 'yes', reason: 'It is.', quotes: [{ line: 2, text: 'with pleasure' }] }
const rude = { ...polite, answer: 'no' }

function said(answer: object | string): ModelReply {
  return {
    ok: true,
    response: {
      content: [textPart(typeof answer === 'string' ? answer : JSON.stringify(answer))],
      modelServed: 'judge-1',
      stopReason: 'end',
      usage: { inputTokens: 100, outputTokens: 20 },
      costUsd: 0.001,
      latencyMs: 5,
      retries: 0,
      from: 'live',
    },
  }
}

const down: ModelReply = { ok: false, error: { class: 'transient', message: '503' } }

/** A judge that answers from a list, and what it was asked. */
function aJudge(
  answers: readonly ModelReply[],
  facts: Partial<JudgePort> = {},
): { readonly judge: JudgePort; readonly requests: ModelRequest[] } {
  const requests: ModelRequest[] = []
  const complete = async (request: ModelRequest): Promise<ModelReply> => {
    requests.push(request)
    const answer = answers[requests.length - 1]
    if (answer === undefined) throw new Error('asked once too often')
    return answer
  }
  const yardstick = aYardstick()
  const live = { provider: { complete }, model: 'judge' }
  return { judge: { yardstick, stored: storedVotes([]), live, ...facts }, requests }
}

interface Asked {
  readonly events: readonly TraceEvent[]
  readonly written: readonly TraceEvent[]
  readonly votes: readonly EventOf<'judge.vote'>[]
}

async function ask(
  judge: JudgePort,
  { isOpen = true, signal = new AbortController().signal, criteria = ['polite'] } = {},
): Promise<Asked> {
  const written: TraceEvent[] = []
  const { books, events } = afterTrial(ended, (event) => written.push(event))
  const judged = { transcript, criteria, trial: 'refund.full#1', seed: 7, isOpen }
  await askJudge(judged, judge, { books, signal })
  return { events, written, votes: events.filter((event) => event.type === 'judge.vote') }
}

function bodyOf(event: TraceEvent): object {
  const entries = Object.entries(event).filter(([key]) => key !== 'seq' && key !== 'tMs')
  return Object.fromEntries(entries)
}

describe('askJudge', () => {
  it('asks until the majority is settled, each vote a request of its own', async () => {
    const { judge, requests } = aJudge([said(polite), said(rude), said(polite)])
    const { votes } = await ask(judge)
    expect(votes.map(({ ordinal, vote }) => [ordinal, vote])).toEqual([
      [0, 'yes'],
      [1, 'no'],
      [2, 'yes'],
    ])
    expect(requests.map(({ ordinal }) => ordinal)).toEqual([0, 1, 2])
    const early = aJudge([said(polite), said(polite)])
    expect((await ask(early.judge)).votes).toHaveLength(2)
  })

  it('asks one criterion a request, without a temperature, a name or a tool', async () => {
    const criteria = [aCriterion(), aCriterion({ id: 'brief', question: 'Is it brief?' })]
    const { judge, requests } = aJudge([said(polite), said(polite), said(polite), said(polite)], {
      yardstick: aYardstick(criteria),
    })
    await ask(judge, { criteria: ['polite', 'brief'] })
    expect(requests.map(({ ordinal }) => ordinal)).toEqual([0, 1, 3, 4])
    const [first, , third] = requests.map(({ messages }) => JSON.stringify(messages[0]))
    expect(first).toContain('Is the agent polite?')
    expect(first).not.toContain('Is it brief?')
    expect(third).toContain('Is it brief?')
    expect(requests[0]?.messages[1]).toEqual({
      role: 'user',
      content: [textPart(transcript.text)],
    })
    expect(requests[0]).toMatchObject({ role: 'judge', tools: [], seed: 7 })
    expect(requests[0]?.sampling).toEqual({ max_output_tokens: 8000 })
    expect(JSON.stringify(requests)).not.toContain('support')
  })

  it('goes on with the trace: numbers, cost by role, quotes by event', async () => {
    const { judge } = aJudge([said(polite), said(polite)])
    const { events, votes, written } = await ask(judge)
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index))
    expect(events.slice(ended.length)).toEqual(written)
    for (const event of written) expect(eventBody.safeParse(bodyOf(event)).success).toBe(true)
    expect(written.map(({ type }) => type)).toEqual([
      'model.request',
      'model.response',
      'judge.vote',
      'model.request',
      'model.response',
      'judge.vote',
    ])
    expect(written[1]).toMatchObject({ role: 'judge', costUsd: 0.001 })
    expect(votes[0]?.quotes).toEqual([{ seq: transcript.seqOf.get(2), text: 'with pleasure' }])
  })

  it.each<[string, ModelReply, object]>([
    [
      'quotes what is not there',
      said({ ...rude, quotes: [{ line: 2, text: 'shut up' }] }),
      {
        vote: 'abstain',
        reason:
          'counts as abstaining, because it quotes "shut up", which does not stand in line 2. It said no: It is.',
      },
    ],
    [
      'quotes the wrong line',
      said({ ...rude, quotes: [{ line: 1, text: 'with pleasure' }] }),
      { vote: 'abstain' },
    ],
    ['quotes nothing', said({ ...rude, quotes: [] }), { vote: 'abstain' }],
    ['quotes blanks', said({ ...rude, quotes: [{ line: 2, text: ' ' }] }), { vote: 'abstain' }],
    [
      'is no JSON',
      said('yes!'),
      { error: { class: 'bad_request', message: "the judge's answer is no vote" } },
    ],
    [
      'is another answer',
      said({ ...rude, answer: 'maybe' }),
      { error: { class: 'bad_request', message: "the judge's answer is no vote" } },
    ],
    ['does not come', down, { error: { class: 'transient', message: '503' } }],
  ])('an answer that %s is no vote for either side', async (_, reply, expected) => {
    const { judge } = aJudge([reply, said(polite), said(polite)])
    const { votes } = await ask(judge)
    expect(votes[0]).toMatchObject(expected)
    expect(votes.slice(1).map(({ vote }) => vote)).toEqual(['yes', 'yes'])
  })

  it('takes quotes with other white space and quotation marks', async () => {
    const quotes = [{ line: 2, text: ' with\n pleasure. ' }]
    const { judge } = aJudge([said({ ...polite, quotes }), said({ ...polite, quotes })])
    expect((await ask(judge)).votes.map(({ vote }) => vote)).toEqual(['yes', 'yes'])
  })

  it('gives up where no majority is left to be had', async () => {
    const { judge, requests } = aJudge([down, down])
    const { votes } = await ask(judge)
    expect(votes.map(({ error }) => error?.class)).toEqual(['transient', 'transient'])
    expect(requests).toHaveLength(2)
  })

  it('asks nobody about a trial that failed anyway, nor after an abort, nor once stopped', async () => {
    const { judge, requests } = aJudge([])
    expect((await ask(judge, { isOpen: false })).written).toEqual([])
    expect((await ask(judge, { signal: AbortSignal.abort() })).written).toEqual([])
    const { votes } = await ask({ ...judge, stopped: 'it has drifted' })
    expect(votes).toHaveLength(1)
    expect(votes[0]).toMatchObject({ stopped: true, error: { message: 'it has drifted' } })
    expect(requests).toEqual([])
  })
})

describe('stored votes', () => {
  it('spare the asking, in whatever trial the same was said', async () => {
    const { judge } = aJudge([said(polite), said(polite)])
    const votes = votesIn((await ask(judge)).events, transcript)
    for (const vote of votes) expect(storedVote.parse(vote)).toEqual(vote)
    const again = aJudge([], { stored: storedVotes(votes) })
    const { votes: recalled, written } = await ask(again.judge)
    expect(written.map(({ type }) => type)).toEqual(['judge.vote', 'judge.vote'])
    expect(recalled.map(({ from, vote }) => [from, vote])).toEqual([
      ['stored', 'yes'],
      ['stored', 'yes'],
    ])
    expect(recalled[0]?.quotes).toEqual([{ seq: transcript.seqOf.get(2), text: 'with pleasure' }])
  })

  it('count for `stored:NAME`, which asks nobody where there are none', async () => {
    const yardstick = aYardstick([aCriterion()], { model: 'stored:demo' })
    const open = openVotes(
      [
        { case: 'b', criteria: ['polite'], transcript },
        { case: 'a', criteria: ['polite'], transcript },
      ],
      { yardstick, stored: storedVotes([]) },
    )
    expect(open).toEqual([
      {
        criterion: 'polite',
        criterionHash: aCriterion().hash,
        transcriptHash: transcript.hash,
        judge: 'demo',
        question: 'Is the agent polite?',
        cases: ['a', 'b'],
        missing: [0, 1, 2],
        transcript: transcript.text,
      },
    ])
    const nobody = { yardstick, stored: storedVotes([]) }
    expect((await ask(nobody)).written).toEqual([])
    const votes = open.flatMap(({ criterion, criterionHash, judge, transcriptHash }) =>
      [0, 1].map((ordinal) => ({
        criterion,
        criterionHash,
        transcriptHash,
        judge,
        ordinal,
        vote: 'no' as const,
      })),
    )
    const { votes: cast } = await ask({ yardstick, stored: storedVotes(votes) }, { isOpen: false })
    expect(cast.map(({ from, model, vote }) => [from, model, vote])).toEqual([
      ['stored', 'stored:demo', 'no'],
      ['stored', 'stored:demo', 'no'],
    ])
    expect(formatVotes([...votes].reverse())).toBe(formatVotes([...votes, ...votes]))
    expect(formatVotes(votes).split('\n')).toHaveLength(3)
  })
})
