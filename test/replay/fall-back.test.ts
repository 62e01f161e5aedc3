import { describe, expect, it } from 'vitest'
import { viewEvents } from '../../src/graders/view-events.ts'
import { call, chargesOf, type Ran, run, scripted, type TrialOptions } from './builders.ts'
import { answered, aSlowEngine, ask, asked, played, quiet } from './play-outside.ts'

const refund = (amount: number): ReturnType<typeof call> => call('pay.refund', { amount })
const say = 'A colleague will call you.'
const desk = { tool: 'desk.open', args: { order: '=task.order' }, say }
const input = { order: 'O-1' }

/** A candidate with a fallback. */
function withFallback(fallback: object = desk, more: TrialOptions = {}): TrialOptions {
  return { input, ...more, candidate: { ...more.candidate, fallback: { ...desk, ...fallback } } }
}

/** The end of a trial as its user sees it. */
function lastWords(ran: Ran): unknown {
  const last = ran.of('message').findLast(({ role }) => role === 'assistant')
  return last?.content
}

describe('the fallback at the end of a budget', () => {
  it('makes its call, says its words, and has the last word', async () => {
    const plan = { budgets: { max_tool_calls: 1 } }
    const ran = await run([[refund(5), refund(6)]], withFallback(desk, { plan }))
    const message = 'budget: 1 tool calls, no more allowed'
    expect(ran.of('fallback')).toMatchObject([{ why: 'budget', message }])
    expect(ran.end).toMatchObject({ termination: 'fallback', message })
    expect(ran.of('tool.proposed').at(-1)).toMatchObject({
      callId: 'fallback-1',
      tool: 'desk.open',
      args: { order: 'O-1' },
      fallback: true,
      turn: 1,
      ordinal: 1,
    })
    expect(ran.of('tool.proposed')[0]).not.toHaveProperty('fallback')
    expect(ran.state).toMatchObject({ desk: [{ order: 'O-1' }], refunds: [5] })
    expect(lastWords(ran)).toEqual([{ type: 'text', text: say }])
    const order = ['fallback', 'tool.proposed', 'tool.result', 'message', 'trial.end']
    const types = ran.events.map(({ type }) => type)
    expect(types.slice(types.indexOf('fallback')).filter((type) => order.includes(type))).toEqual(
      order,
    )
  })

  it('is charged, although nothing is left', async () => {
    const plan = { budgets: { max_tool_calls: 1, max_cost_usd: 0.005 } }
    const ran = await run([[refund(5)]], withFallback(desk, { plan }))
    expect(ran.termination).toBe('fallback')
    const calls = chargesOf(ran.of('budget')).filter(({ kind }) => kind === 'tool_calls')
    expect(calls).toMatchObject([{ total: 1, limit: 1 }])
    const read = chargesOf(ran.of('budget')).filter(({ kind }) => kind === 'retrieved_bytes')
    expect(read).toMatchObject([{ amount: '{"opened":true}'.length }])
    expect(ran.end.elapsedMs).toBe(1_000 + 50)
  })

  it.each([
    ['max_turns', { stop: { max_turns: 2 } }, (ordinal: number) => [refund(ordinal + 1)]],
    ['loop', {}, () => [call('crm.read')]],
  ] as const)('acts after %s, too', async (termination, candidate, answer) => {
    const model = scripted(({ ordinal }) => answer(ordinal))
    const ran = await run(model, withFallback(desk, { candidate }))
    expect(ran.termination).toBe('fallback')
    expect(ran.of('fallback')[0]).toMatchObject({ why: 'budget' })
    expect(ran.end.message).toMatch(new RegExp(`^${termination}: `))
    expect(ran.state).toMatchObject({ desk: [{ order: 'O-1' }] })
  })

  it('may be words alone, or know what was called before', async () => {
    const plan = { budgets: { max_model_calls: 1 } }
    const answers = [[call('crm.search', { found: { order: 'O-9' } })]]
    const words = await run(answers, { plan, candidate: { fallback: { say } } })
    expect(words.of('tool.proposed')).toHaveLength(1)
    expect(words.termination).toBe('fallback')
    const args = { order: '=calls[0].result.order', note: '==as is' }
    const knowing = await run(answers, withFallback({ args }, { plan }))
    expect(knowing.state).toMatchObject({ desk: [{ order: 'O-9', note: '=as is' }] })
  })

  it('acts in an observed trial as in an enforced one', async () => {
    const plan = { budgets: { max_model_calls: 1 } }
    const ran = await run([[refund(5)]], withFallback(desk, { plan, mode: 'observe' }))
    expect(ran.termination).toBe('fallback')
  })

  it('comes once: nothing of the talk goes on after it', async () => {
    const plan = { budgets: { max_model_calls: 1 } }
    const ran = await run([[refund(5)]], withFallback(desk, { plan, turns: ['a', 'b', 'c'] }))
    expect(ran.of('fallback')).toHaveLength(1)
    expect(ran.of('message').filter(({ role }) => role === 'user')).toHaveLength(1)
  })

  it('takes an id that the agent has not used', async () => {
    const plan = { budgets: { max_tool_calls: 1 } }
    const taken = call('pay.refund', { amount: 5 }, { callId: 'fallback-1' })
    const ran = await run([[taken, refund(6)]], withFallback(desk, { plan }))
    expect(ran.of('tool.proposed').map(({ callId }) => callId)).toEqual([
      'fallback-1',
      'fallback-1-2',
    ])
  })

  it('is not held up by bad signs, which are about the agent', async () => {
    const empty = [1, 2].map((index) => call('crm.search', { found: [], index }))
    const ran = await run(
      [empty, [refund(5)]],
      withFallback(desk, {
        plan: { budgets: { max_model_calls: 2 } },
        candidate: { budgets: { dynamic: { empty_results: 2, shrink_to: 1 } } },
      }),
    )
    expect(ran.of('budget.shrunk')).toHaveLength(1)
    expect(ran.state).toMatchObject({ refunds: [], desk: [{ order: 'O-1' }] })
  })

  it('is held up by them where the agent chose what it calls with', async () => {
    const empty = [1, 2].map((index) => call('crm.search', { found: [], index, amount: 45 }))
    const options: TrialOptions = {
      plan: { budgets: { max_model_calls: 2 } },
      candidate: { budgets: { dynamic: { empty_results: 2, shrink_to: 1 } } },
    }
    const pay = (amount: unknown): object => ({ tool: 'pay.refund', args: { amount } })
    const chosen = await run(
      [empty, [refund(5)]],
      withFallback(pay('=calls[0].args.amount'), options),
    )
    expect(chosen.state).toMatchObject({ refunds: [] })
    expect(chosen.of('policy.decision').at(-1)).toMatchObject({ decision: 'escalate' })
    expect(chosen.end.termination).toBe('budget')
    expect(chosen.end.message).toMatch(/its call of pay.refund did not go through$/)
    const declared = await run([empty, [refund(5)]], withFallback(pay(45), options))
    expect(declared.state).toMatchObject({ refunds: [45] })
    expect(declared.termination).toBe('fallback')
  })

  it('hands the graders its call like any other', async () => {
    const plan = { budgets: { max_tool_calls: 0 } }
    const { events } = await run([[refund(6)]], withFallback(desk, { plan }))
    expect(viewEvents(events).calls).toMatchObject([{ tool: 'desk.open', status: 'ok' }])
    expect(viewEvents(events).replies.map(({ text }) => text)).toEqual([say])
  })
})

describe('a fallback that cannot act', () => {
  const plan = { budgets: { max_model_calls: 1 } }
  const spent = 'budget: 1 model calls, no more allowed'

  it.each([
    [
      'an argument is not there',
      { args: { order: '=task.nothing' } },
      /^its call cannot be made: args.order: /,
    ],
    [
      'its arguments do not fit',
      { args: { order: 7 } },
      /^its call of desk.open did not go through$/,
    ],
    ['there is no such tool', { tool: 'desk.shut' }, /^its call of desk.shut did not go through$/],
  ])('leaves the end as it was: %s', async (_, fallback, why) => {
    const ran = await run([[refund(5)]], withFallback(fallback, { plan }))
    expect(ran.of('fallback')).toMatchObject([{ why: 'budget', message: spent }])
    expect(ran.termination).toBe('budget')
    const [before, after = ''] = (ran.end.message ?? '').split('; the fallback could not act: ')
    expect(before).toBe(spent)
    expect(after).toMatch(why)
    // A promise that nobody keeps is not made.
    expect(lastWords(ran)).not.toEqual([{ type: 'text', text: say }])
  })

  it('is held to the same rules as the agent', async () => {
    const rules = [{ tool: 'desk.open', condition: 'false' }]
    const denied = await run([[refund(5)]], withFallback(desk, { plan, rules }))
    expect(denied.of('tool.result').at(-1)).toMatchObject({ status: 'blocked' })
    expect(denied.termination).toBe('budget')
    const silenced = await run(
      [[refund(5)]],
      withFallback(desk, { plan, rules: [{ condition: "!output.text.contains('colleague')" }] }),
    )
    expect(silenced.end).toMatchObject({
      termination: 'budget',
      message: `${spent}; the fallback could not act: a control kept its words back`,
    })
    expect(silenced.of('message').at(-1)).toMatchObject({ withheld: true })
  })
})

describe('the fallback in place of what a rule denies', () => {
  const rules = [
    {
      id: 'cap',
      tool: 'pay.refund',
      condition: 'input.amount <= 50',
      on_fail: 'fallback' as const,
    },
  ]

  it('takes over from the call on', async () => {
    const ran = await run([[refund(60), refund(5)]], withFallback(desk, { rules }))
    expect(ran.of('fallback')).toMatchObject([{ why: 'denial', message: 'denial: cap' }])
    expect(ran.end).toMatchObject({ termination: 'fallback', message: 'denial: cap' })
    expect(ran.of('tool.result').map(({ status }) => status)).toEqual(['blocked', 'ok'])
    expect(ran.state).toMatchObject({ refunds: [], desk: [{ order: 'O-1' }] })
  })

  it('takes over from a reply on', async () => {
    const rude = [
      { id: 'polite', condition: "!output.text.contains('fool')", on_fail: 'fallback' as const },
    ]
    const ran = await run(
      ['You fool.', 'More.'],
      withFallback({ tool: undefined, args: undefined }, { rules: rude, turns: ['a', 'b'] }),
    )
    expect(ran.end).toMatchObject({ termination: 'fallback', message: 'denial: polite' })
    const replies = ran.of('message').filter(({ role }) => role === 'assistant')
    expect(replies.map(({ content, withheld }) => [content[0], withheld])).toEqual([
      [{ type: 'text', text: 'You fool.' }, true],
      [{ type: 'text', text: say }, undefined],
    ])
    // Each of the two was decided about under a name of its own.
    expect(new Set(ran.of('policy.decision').map(({ callId }) => callId)).size).toBe(2)
  })

  it.each([
    ['none is declared', {}],
    ['there is one for other ends', { candidate: { fallback: { on: ['budget' as const], say } } }],
  ])('is a refusal like any other where %s', async (_, options) => {
    const ran = await run([[refund(60), refund(5)], 'Done.'], { rules, ...options })
    expect(ran.of('fallback')).toEqual([])
    expect(ran.termination).toBe('done')
    expect(ran.state).toMatchObject({ refunds: [5] })
  })

  it('does not act in a trial that only observes', async () => {
    const ran = await run([[refund(60)], 'Done.'], withFallback(desk, { rules, mode: 'observe' }))
    expect(ran.termination).toBe('done')
    expect(ran.state).toMatchObject({ refunds: [60], desk: [] })
  })

  it('that cannot act leaves a failure behind: the agent was stopped for it', async () => {
    const broken = { args: { order: '=task.nothing' } }
    const ran = await run([[refund(60)]], withFallback(broken, { rules }))
    expect(ran.termination).toBe('agent_error')
    expect(ran.end.message).toMatch(/^denial: cap; the fallback could not act: /)
  })

  it('acts for an agent outside, by a call and by a reply', async () => {
    const byCall = await played(
      async ({ session, trial }) => {
        await trial.call([{ tool: 'pay.refund', args: { amount: 60 } }])
        session.reply('too late')
      },
      withFallback(desk, { rules }),
    )
    expect(byCall.end).toMatchObject({ termination: 'fallback', message: 'denial: cap' })
    expect(byCall.state).toMatchObject({ refunds: [], desk: [{ order: 'O-1' }] })
    const rude = [
      { id: 'polite', condition: "!output.text.contains('fool')", on_fail: 'fallback' as const },
    ]
    const byReply = await played(
      ({ session }) => {
        session.reply('You fool.')
      },
      withFallback(desk, { rules: rude, turns: ['a', 'b'] }),
    )
    expect(byReply.end).toMatchObject({ termination: 'fallback', message: 'denial: polite' })
    const goesOn = await played(
      ({ session, turn }) => {
        session.reply(turn === 1 ? 'You fool.' : 'Sorry.')
      },
      { rules: rude, turns: ['a', 'b'] },
    )
    expect(goesOn.termination).toBe('done')
  })
})

describe('the fallback of an agent outside', () => {
  it('acts when its budget is gone, and what still waited for a control is not done', async () => {
    const slow = aSlowEngine()
    let value: unknown
    const running = played(
      async ({ trial }) => {
        const waiting = trial.call([{ tool: 'pay.refund', args: { amount: 60 } }])
        await quiet()
        ask(trial, answered())
        expect(trial.admitModel(asked).ok).toBe(false)
        slow.answer()
        value = (await waiting)[0]?.value
        await quiet()
        // The fallback's own call is decided about as well.
        slow.answer()
      },
      withFallback(desk, {
        plan: { budgets: { max_model_calls: 1 } },
        engines: { own: [slow], judging: [] },
        cutsOff: true,
      }),
    )
    const ran = await running
    expect(value).toMatchObject({ error: { code: 'trial_over' } })
    expect(ran.state).toMatchObject({ refunds: [], desk: [{ order: 'O-1' }] })
    expect(ran.end).toMatchObject({
      termination: 'fallback',
      message: 'budget: 1 model calls, no more allowed',
    })
  })

  it('has nothing done beside it, whatever the agent still sends', async () => {
    const ran = await played(
      ({ session, trial }) => {
        for (const amount of [1, 2, 3]) void trial.call([{ tool: 'pay.refund', args: { amount } }])
        session.reply('And done.')
        trial.log('still here')
      },
      withFallback(desk, { plan: { budgets: { max_tool_calls: 1 } } }),
    )
    expect(ran.termination).toBe('fallback')
    expect(ran.state).toMatchObject({ refunds: [1], desk: [{ order: 'O-1' }] })
    expect(lastWords(ran)).toEqual([{ type: 'text', text: say }])
  })

  it('is not disturbed by what still comes in while it acts', async () => {
    const slow = aSlowEngine()
    let value: unknown
    const ran = await played(
      async ({ session, trial }) => {
        session.end({ termination: 'budget', message: 'enough' })
        await quiet()
        expect(slow.asked).toEqual(['desk.open'])
        trial.log('still here')
        session.reply('And done.')
        const late = trial.call([{ tool: 'pay.refund', args: { amount: 5 } }])
        expect(trial.admitModel(asked).ok).toBe(false)
        await quiet()
        slow.answer()
        value = (await late)[0]?.value
      },
      withFallback(desk, { engines: { own: [slow], judging: [] } }),
    )
    expect(value).toMatchObject({ error: { code: 'trial_over' } })
    expect(ran.end).toMatchObject({ termination: 'fallback', message: 'budget: enough' })
    expect(ran.of('log')).toEqual([])
    expect(ran.of('tool.proposed')).toHaveLength(1)
    expect(ran.of('message').filter(({ role }) => role === 'assistant')).toHaveLength(1)
  })

  it('is none where it fails by itself, or the surroundings do', async () => {
    const crashed = await played(({ session }) => {
      session.fail('exited with code 1')
    }, withFallback())
    expect(crashed.end).toMatchObject({ termination: 'agent_error', message: 'exited with code 1' })
    const failed = await run([{ error: { class: 'transient', message: 'no' } }], withFallback())
    expect(failed.termination).toBe('provider_error')
    expect([...crashed.of('fallback'), ...failed.of('fallback')]).toEqual([])
  })
})
