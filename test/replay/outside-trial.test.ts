import { describe, expect, it } from 'vitest'
import type { FailureClass } from '../../src/schema/model-answer.ts'
import { call, chargesOf } from './builders.ts'
import { answered, ask, asked, failing, played } from './play-outside.ts'

describe('model requests of an agent outside', () => {
  it('stand in the trace, cost what they cost, and name the model', async () => {
    const ran = await played(
      ({ session, trial }) => {
        ask(trial, answered())
        void trial.call([{ tool: 'crm.clock', args: {} }])
        session.reply('done')
      },
      { candidate: { observability: { log_fields: ['model'] } } },
    )
    expect(ran.of('model.request')).toMatchObject([{ role: 'agent', ordinal: 1, messages: 2 }])
    expect(ran.of('model.response')).toMatchObject([{ ordinal: 1, modelServed: 'gpt-x-1' }])
    expect(ran.of('handover').map((one) => one.ordinal)).toEqual([0, 2])
    expect(ran.of('tool.proposed')[0]).toMatchObject({ ordinal: 1, log: { model: 'openai:gpt-x' } })
    expect(chargesOf(ran.of('budget')).map(({ amount, kind }) => [kind, amount])).toContainEqual([
      'cost_usd',
      0.01,
    ])
  })

  it('say which calls were proposed together, even where they come one by one', async () => {
    const content = [call('pay.refund', { amount: 1 }), call('pay_refund', { amount: 2 })]
    const ran = await played(({ session, trial }) => {
      ask(trial, answered({ content }))
      for (const amount of [1, 2, 3]) void trial.call([{ tool: 'pay.refund', args: { amount } }])
      session.reply('done')
    })
    const ordinals = ran.of('tool.proposed').map((one) => one.ordinal)
    expect(ordinals.slice(0, 2)).toEqual([1, 1])
    expect(ordinals[2]).toBeGreaterThan(1)
  })

  it('are refused once a budget is used up, and the trial is over', async () => {
    const whys: string[] = []
    const ran = await played(
      async ({ trial }) => {
        ask(trial, answered())
        const refused = trial.admitModel(asked)
        if (!refused.ok) whys.push(refused.why)
        const [result] = await trial.call([{ tool: 'crm.clock', args: {} }])
        whys.push(JSON.stringify(result?.value))
      },
      { plan: { budgets: { max_model_calls: 1 } } },
    )
    expect(ran.end).toMatchObject({
      termination: 'budget',
      message: '1 model calls, no more allowed',
    })
    expect(whys[0]).toBe('the trial is over: 1 model calls, no more allowed')
    expect(whys[1]).toContain('trial_over')
    expect(ran.of('tool.proposed')).toEqual([])
  })

  it('end the trial by its tokens', async () => {
    const ran = await played(
      ({ trial }) => {
        ask(trial, answered())
      },
      { plan: { budgets: { max_total_tokens: 100 } } },
    )
    expect(ran.end).toMatchObject({ termination: 'budget', message: '110 of 100 tokens' })
  })

  it('leave nothing in a trial that is over', async () => {
    const ran = await played(({ session, trial }) => {
      const admitted = trial.admitModel(asked)
      session.reply('done')
      setImmediate(() => {
        if (admitted.ok) admitted.close(answered())
      })
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(ran.events.at(-1)?.type).toBe('trial.end')
    expect(ran.of('model.response')).toEqual([])
  })
})

describe('whose doing it is', () => {
  const crash = async (kind: FailureClass): Promise<readonly unknown[]> => {
    const { end } = await played(({ session, trial }) => {
      ask(trial, failing(kind))
      session.fail('exited with code 1')
    })
    return [end.termination, end.message]
  }

  it.each([
    'rate_limit',
    'transient',
    'timeout',
    'auth',
    'cassette_miss',
    'budget',
    'bug',
  ] as const)('an agent that crashes after %s is not to blame', async (kind) => {
    expect(await crash(kind)).toEqual(['provider_error', `${kind}: no luck`])
  })

  it('one that crashes over its own mistake is', async () => {
    expect(await crash('bad_request')).toEqual(['agent_error', 'exited with code 1'])
    expect(await crash('context_overflow')).toEqual(['context_overflow', 'no luck'])
  })

  it('an answer after the failure clears it', async () => {
    const ran = await played(({ session, trial }) => {
      ask(trial, failing('transient'))
      ask(trial, answered())
      session.fail('exited with code 1')
    })
    expect(ran.termination).toBe('agent_error')
  })

  it('a reply that a failed service led to is no evidence', async () => {
    const ran = await played(({ session, trial }) => {
      ask(trial, failing('transient'))
      session.reply('Sorry, I cannot help.')
    })
    expect(ran.termination).toBe('provider_error')
  })

  it('what no agent can go on without ends the trial at once', async () => {
    const ran = await played(({ trial }) => {
      ask(trial, failing('cassette_miss'))
    })
    expect(ran.end).toMatchObject({
      termination: 'provider_error',
      message: 'cassette_miss: no luck',
    })
  })

  it('a turn that takes too long is its own doing, unless a model has not answered', async () => {
    const slow = await played(({ pass }) => {
      pass(60_000)
    })
    expect(slow.end).toMatchObject({
      termination: 'agent_error',
      message: 'no reply within 60 seconds',
    })
    const waiting = await played(({ pass, trial }) => {
      trial.admitModel(asked)
      pass(60_000)
    })
    expect(waiting.termination).toBe('provider_error')
  })
})

describe('time and rounds', () => {
  it('charges what the agent took by itself, and a model by its own latency', async () => {
    const ran = await played(({ pass, session, trial }) => {
      pass(30)
      const admitted = trial.admitModel(asked)
      pass(5_000)
      if (admitted.ok) admitted.close(answered({ latencyMs: 700 }))
      pass(12.75)
      session.reply('done')
    })
    expect(ran.end).toMatchObject({ termination: 'done', elapsedMs: 30 + 700 + 12 })
  })

  it('ends when the wall time is used up, though not while a model is asked', async () => {
    const plan = { budgets: { max_wall_time_seconds: 2 } }
    const own = await played(
      ({ pass }) => {
        pass(2_000)
      },
      { plan },
    )
    expect(own.termination).toBe('budget')
    const waiting = await played(
      ({ pass, session, trial }) => {
        const admitted = trial.admitModel(asked)
        pass(5_000)
        if (admitted.ok) admitted.close(answered())
        session.reply('done')
      },
      { plan },
    )
    expect(waiting.termination).toBe('done')
  })

  it('counts replies and calls that go together as rounds', async () => {
    const candidate = { stop: { max_turns: 3 } }
    const ran = await played(
      ({ session, trial, turn }) => {
        void trial.call(
          [1, 2].map((n) => ({ tool: 'pay.refund', args: { amount: 10 * turn + n } })),
        )
        session.reply('next?')
      },
      { candidate, turns: ['a', 'b', 'c'] },
    )
    expect(ran.end).toMatchObject({ termination: 'max_turns', message: '3 rounds' })
    expect(ran.of('tool.proposed')).toHaveLength(4)
  })

  it('sees a loop in calls that come one by one, also in those of one answer', async () => {
    const alone = await played(async ({ trial }) => {
      for (let each = 0; each < 5; each += 1) await trial.call([{ tool: 'crm.read', args: {} }])
    })
    expect(alone.termination).toBe('loop')
    expect(alone.of('tool.result')).toHaveLength(3)
    const searches = [1, 2, 3, 4, 5].map((found) => call('crm.search', { found }))
    const framework = await played(async ({ trial }) => {
      for (let each = 0; each < 4; each += 1) {
        ask(trial, answered({ content: searches }))
        // Frameworks carry out the calls of one answer one by one, in whatever order.
        for (const { args, tool } of each === 1 ? searches.toReversed() : searches) {
          await trial.call([{ tool, args }])
        }
      }
    })
    expect(framework.termination).toBe('loop')
    expect(framework.of('tool.result')).toHaveLength(15)
  })

  it('takes the first word on how a trial ends, and nothing after it', async () => {
    const ran = await played(({ session, trial }) => {
      session.fail('first')
      session.fail('second')
      session.reply('too late')
      void trial.call([{ tool: 'pay.refund', args: { amount: 1 } }])
    })
    expect(ran.end).toMatchObject({ termination: 'agent_error', message: 'first' })
    expect(ran.state).toMatchObject({ refunds: [] })
  })
})
