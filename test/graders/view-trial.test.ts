import { describe, expect, it } from 'vitest'
import { wasHandedOver } from '../../src/graders/trial-view.ts'
import { call, say, write } from '../builders/trace.ts'
import { aView } from './judging.ts'
import { changedTo, decided, proposed, ran, rawView, reply, result } from './raw-trial.ts'

describe('viewTrial', () => {
  it('puts everything that happened to a call under that call', () => {
    const { calls } = aView({
      steps: [
        write(
          'payments.issue_refund',
          { order_id: 'O-1' },
          {
            tier: 3,
            reason: 'broken kettle',
            controls: [{ decision: 'escalate', source: 'tier' }],
            judging: [{ id: 'refund_cap' }],
            approvals: [{ principal: 'ana' }],
            value: { id: 'R-1' },
          },
        ),
        say('Done.'),
      ],
    })

    expect(calls).toHaveLength(1)
    expect(calls[0]).toMatchObject({
      tool: 'payments.issue_refund',
      args: { order_id: 'O-1' },
      turn: 1,
      ordinal: 0,
      reason: 'broken kettle',
      tier: 3,
      effect: 'write',
      status: 'ok',
      executed: true,
      tookEffect: true,
      repeated: false,
      value: { id: 'R-1' },
      delivered: true,
    })
    expect(calls[0]?.controls.map((said) => said.source)).toEqual(['tier'])
    expect(calls[0]?.judging.map((said) => said.rules[0]?.id)).toEqual(['refund_cap'])
    expect(calls[0]?.approvals.map((each) => each.principal)).toEqual(['ana'])
  })

  it('takes a result as delivered only when the model was asked again', () => {
    const { calls } = aView({ steps: [call('a'), call('b')], end: 'budget' })
    expect(calls.map(({ tool, delivered }) => [tool, delivered])).toEqual([
      ['a', true],
      ['b', false],
    ])
  })

  it('counts as replies what the user received, also next to a call, and nothing withheld', () => {
    const view = aView({
      asks: ['Refund O-1.', 'And now?'],
      steps: [[say('Let me look.'), call('a')], say('Done.'), say('SSN 123', { withheld: true })],
    })
    expect(view.replies.map(({ turn, text, ordinal }) => ({ turn, text, ordinal }))).toEqual([
      { turn: 1, text: 'Let me look.', ordinal: 0 },
      { turn: 1, text: 'Done.', ordinal: 1 },
    ])
    expect(view.withheldReplies.map(({ text }) => text)).toEqual(['SSN 123'])
    expect(view.heard.map(({ text }) => text)).toEqual(['Refund O-1.', 'And now?'])
  })

  it('has not heard a user message that no request followed', () => {
    const { heard } = aView({ asks: ['One.', 'Two.'], steps: [say('Yes?')] })
    expect(heard.map(({ text }) => text)).toEqual(['One.'])
  })

  it('knows which calls changed the world', () => {
    const lost = [{ op: 'add' as const, path: '/refunds/R-1', value: {} }]
    const { calls } = aView({
      steps: [
        call('read'),
        write('write', {}),
        call('stub', {}, { effect: 'external' }),
        write('again', {}, { repeated: true }),
        write('blocked', {}, { status: 'blocked' }),
        write('answer-lost', {}, { status: 'error', lostChanges: lost }),
        call('made-up', {}, { effect: 'unknown' }),
        call('never-answered', {}, { effect: 'write', status: 'unfinished' }),
      ],
    })
    const happened = calls.filter((each) => each.tookEffect).map(({ tool }) => tool)
    expect(happened).toEqual(['write', 'stub', 'answer-lost'])
  })

  it('keeps apart two calls that the model gave the same id', () => {
    const { calls } = aView({
      steps: [
        call('a', { n: 1 }, { callId: 'c', value: 'first' }),
        call('a', { n: 2 }, { callId: 'c', value: 'second', judging: [{ id: 'late' }] }),
      ],
    })
    expect(calls.map(({ value, judging }) => [value, judging.length])).toEqual([
      ['first', 0],
      ['second', 1],
    ])
  })

  it('does not show what a control withheld from the model', () => {
    const { calls } = aView({
      steps: [call('a', {}, { status: 'blocked', executed: true }), say('x')],
    })
    expect(calls[0]).toMatchObject({ value: undefined, executed: true, delivered: true })
  })

  it('knows with which arguments a call ran, what it moves, and why the fallback took over', () => {
    const bodies = [
      proposed({ tenant: 'acme', usd: 80 }),
      changedTo({ usd: 60 }),
      changedTo({ usd: 50 }),
      ran,
      changedTo({ clean: true }),
      result(),
      { type: 'fallback', why: 'denial', message: 'cap' } as const,
    ]
    const { calls, fallback } = rawView(bodies)
    expect(calls[0]).toMatchObject({
      args: { usd: 80 },
      passedArgs: { usd: 50 },
      tenant: 'acme',
      usd: 80,
    })
    expect(fallback).toBe('denial')
    const plain = rawView([proposed(), ran, result()])
    expect(plain.calls[0]).not.toHaveProperty('passedArgs')
    expect(plain.calls[0]).not.toHaveProperty('usd')
    expect(plain.fallback).toBeUndefined()
  })

  it('puts decisions about words under the words that came behind them', () => {
    const about = { callId: 'reply-1' }
    const view = rawView([
      decided('deny', about),
      reply('SSN 123', { withheld: true }),
      decided('allow', about),
      reply('A colleague will call.'),
      reply('Nobody decided about this.'),
      decided('allow', { callId: 'log-7' }),
      { type: 'log', logId: 'log-7', text: 'x', modified: 'y' },
      decided('deny', about),
    ])
    expect(
      view.decidedReplies.map(({ decisions, passed }) => [decisions[0]?.decision, passed]),
    ).toEqual([
      ['deny', 'withheld'],
      ['allow', 'as proposed'],
      ['deny', 'withheld'],
    ])
    expect(view.decidedLogs.map(({ passed }) => passed)).toEqual(['modified'])
    expect(view.replies.map(({ text }) => text)).toEqual([
      'A colleague will call.',
      'Nobody decided about this.',
    ])
  })

  it('takes a reply that passed in another form for what the user received', () => {
    const view = rawView([
      changedTo('[email]', { callId: 'reply-0' }),
      reply('bob@example.com', { withheld: true }),
      reply('[email]', { modified: true }),
    ])
    expect(view.replies.map(({ text }) => text)).toEqual(['[email]'])
    expect(view.withheldReplies.map(({ text }) => text)).toEqual(['bob@example.com'])
  })

  it('tells an escalation from a refusal', () => {
    const escalate = { decision: 'escalate' as const }
    const { calls } = aView({
      steps: [
        call('asked', {}, { controls: [escalate], approvals: [{ decision: 'pending' }] }),
        call('escalated', {}, { controls: [escalate] }),
        call('refused', {}, { controls: [escalate, { decision: 'deny' }] }),
        call('observed', {}, { controls: [{ ...escalate, enforced: false }] }),
      ],
    })
    expect(calls.filter(wasHandedOver).map(({ tool }) => tool)).toEqual(['asked', 'escalated'])
  })
})
