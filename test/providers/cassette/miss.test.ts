import { describe, expect, it } from 'vitest'
import type { CassetteMiss } from '../../../src/providers/cassette/miss.ts'
import type { ModelRequest } from '../../../src/providers/provider.ts'
import { type Message, textPart } from '../../../src/schema/message.ts'
import { aModelRequest, aTool } from '../a-model-request.ts'
import { aResponse, ask, record, replayOf } from './on-tape.ts'

const prompt = ['You are a support agent.', 'Refund up to 50 dollars.', 'Be brief.']

function say(role: Message['role'], ...lines: readonly string[]): Message {
  return { role, content: [textPart(lines.join('\n'))] }
}

function aTalk(parts: Partial<ModelRequest> = {}): ModelRequest {
  const messages = [say('system', ...prompt), say('user', 'Refund my knife.')]
  return aModelRequest({ messages, trial: 'refund#1', ...parts })
}

/** What a replay says of one request that is not among the recorded ones. */
async function missOf(
  asked: ModelRequest,
  recorded: readonly ModelRequest[] = [aTalk()],
): Promise<CassetteMiss> {
  const replay = replayOf(await record(recorded.map((one) => [one, aResponse()])))
  const reply = await ask(replay, asked)
  const [miss] = replay.misses().first
  if (reply.ok || miss === undefined) throw new Error('it did not miss')
  expect(reply.error).toEqual({ class: 'cassette_miss', message: miss.message })
  return miss
}

describe('a miss', () => {
  it('shows the line of the one word that was edited', async () => {
    const edited = prompt.map((line) => line.replace('50', '100'))
    const messages = [say('system', ...edited), say('user', 'Refund my knife.')]
    const miss = await missOf(aTalk({ messages }))
    expect(miss.message).toBe(
      'no recording of agent request 0 of refund#1; the recorded one differs at message 1 (system), line 2: was "Refund up to 50 dollars.", is "Refund up to 100 dollars."',
    )
    expect(miss.nearest).toBe('agent request 0 of refund#1')
    expect(miss.diff).toEqual([
      '  at message 1 (system), line 2:',
      '  - Refund up to 50 dollars.',
      '  + Refund up to 100 dollars.',
    ])
  })

  it('shows the place where a long line differs', async () => {
    const long = (word: string): string => `${'so '.repeat(300)}${word}${' on'.repeat(300)}`
    const miss = await missOf(aTalk({ messages: [say('system', long('that'))] }), [
      aTalk({ messages: [say('system', long('this'))] }),
    ])
    const [, was = '', is = ''] = miss.diff
    expect(was).toContain('so this on')
    expect(is).toContain('so that on')
    expect(was.length).toBeLessThan(180)
  })

  it('tells what came in between from what only moved', async () => {
    const messages = [
      say('system', ...prompt),
      say('user', 'Hello?'),
      say('user', 'Refund my knife.'),
    ]
    const miss = await missOf(aTalk({ messages }))
    expect(miss.diff).toEqual(['  at message 2 (user):', '  + Hello?'])
  })

  it.each<[string, Partial<ModelRequest>, readonly string[]]>([
    ['settings', { sampling: { temperature: 0.5 } }, ['  at sampling, temperature:', '  + 0.5']],
    [
      'tools',
      {
        tools: [
          { ...aTool('crm.verify_customer'), description: 'Look.' },
          aTool('orders.get_status'),
        ],
      },
      [
        '  at tool crm.verify_customer, description:',
        '  - What crm.verify_customer does.',
        '  + Look.',
      ],
    ],
    [
      'calls',
      {
        messages: [
          ...aTalk().messages,
          {
            role: 'assistant',
            content: [{ type: 'tool_call', callId: 'c', tool: 't', args: { cents: 5, to: 'me' } }],
          },
        ],
      },
      [
        '  at message 3 (assistant), args.cents:',
        '  + 5',
        '  at message 3 (assistant), args.to:',
        '  + me',
        '  at message 3 (assistant), callId:',
        '  + c',
        '  at message 3 (assistant), tool:',
        '  + t',
      ],
    ],
  ])('names what differs in %s', async (_, change, expected) => {
    expect((await missOf(aTalk(change))).diff).toEqual(expected)
  })

  it('counts what it does not show', async () => {
    const lines = (word: string): readonly string[] =>
      Array.from({ length: 40 }, (_, n) => `${word} ${n}`)
    const miss = await missOf(aTalk({ messages: [say('system', ...lines('new'))] }), [
      aTalk({ messages: [say('system', ...lines('old'))] }),
    ])
    expect(miss.diff).toHaveLength(14)
    expect(miss.diff.at(-1)).toBe('  and 68 more changed lines')
    expect(miss.message).toContain('(40 lines differ in all, at 1 place)')
  })

  it('looks at the same place first, then for what is most similar', async () => {
    const of = (trial: string, ordinal: number, words: string): ModelRequest =>
      aTalk({ trial, ordinal, messages: [say('system', ...prompt), say('user', words)] })
    const asked = of('refund#1', 1, 'alpha')
    const nearest = async (...recorded: readonly ModelRequest[]): Promise<string | undefined> =>
      (await missOf(asked, recorded)).nearest

    const alike = of('refund#2', 1, 'alpha')
    expect(await nearest(alike, of('refund#1', 1, 'beta'))).toBe('agent request 1 of refund#1')
    expect(await nearest(alike, of('refund#1', 0, 'beta'))).toBe('agent request 0 of refund#1')
    expect(await nearest(of('refund#2', 1, 'beta'), of('refund#3', 1, 'alpha'))).toBe(
      'agent request 1 of refund#3',
    )
    expect(await nearest(of('other#1', 0, 'alpha'))).toBe('agent request 0 of other#1')
    expect(await nearest({ ...asked, role: 'judge' })).toBeUndefined()
  })

  it('says so where only the place differs, or where there is nothing at all', async () => {
    const elsewhere = await missOf(aTalk({ trial: 'refund#2' }))
    expect(elsewhere.diff).toEqual(['  they say the same; only the place differs'])
    const alone = await missOf(aTalk(), [])
    expect(alone.message).toBe(
      'no recording of agent request 0 of refund#1, nor of any other agent request',
    )
    expect(alone.diff).toEqual([])
  })

  it('is one line, and safe to print, whatever was said', async () => {
    const messages = [say('user', 'a\u001b[2Jb\u202e', '::error::x', 'y\u2028z')]
    const miss = await missOf(aTalk({ messages, trial: 'x\n\u001b]0;t\u0007#1' }))
    const said = [miss.message, miss.subject, ...miss.diff].join(' ')
    expect(said).not.toMatch(/[\n\u001b\u202e\u2028\u0007]/)
    expect(miss.message.length).toBeLessThanOrEqual(600)
  })

  it('is kept by place, so that the end of the run does not tell who was faster', async () => {
    const trials = Array.from({ length: 30 }, (_, n) => `refund#${n + 1}`)
    const first = async (order: readonly string[]): Promise<readonly string[]> => {
      const replay = replayOf(await record([]))
      for (const trial of order) await ask(replay, aTalk({ trial }))
      expect(replay.misses().count).toBe(30)
      return replay.misses().first.map(({ asked }) => asked.trial)
    }
    expect(await first(trials)).toEqual(trials.slice(0, 20))
    expect(await first(trials.toReversed())).toEqual(trials.slice(0, 20))
  })
})

describe('unused recordings', () => {
  it('are counted, named, and told apart from those of trials that did not run', async () => {
    const of = (trial: string, ordinal: number): ModelRequest => aTalk({ trial, ordinal })
    const recorded = ['a#1', 'a#2', 'b#1'].flatMap((trial) => [0, 1, 2].map((n) => of(trial, n)))
    const replay = replayOf(await record(recorded.map((one) => [one, aResponse()])))
    await ask(replay, of('a#1', 0))
    expect(replay.finish((trial) => trial.startsWith('a#')).unused).toEqual({
      count: 5,
      names: [
        'agent request 1 of a#1',
        'agent request 2 of a#1',
        'agent request 0 of a#2',
        'agent request 1 of a#2',
        'agent request 2 of a#2',
      ],
      ofOtherTrials: 3,
    })
  })
})
