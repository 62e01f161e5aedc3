import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Controls, createControls } from '../../src/controls/controls.ts'
import type { PolicyEngine, PolicyQuestion } from '../../src/controls/policy-engine.ts'
import { fromExprValue, toExprValue } from '../../src/expr/value.ts'
import { decideAgain, type TrialDecidedAgain } from '../../src/replay/decide-again.ts'
import { recordedActions } from '../../src/replay/recorded-actions.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { type PolicyRule, policyRule } from '../../src/schema/policy.ts'
import type { TraceEvent } from '../../src/schema/trace.ts'
import { someApprovers } from '../builders/approvers.ts'
import { aCandidate, aJudgingPolicy } from '../builders/candidate.ts'
import { aTrace, call as step } from '../builders/trace.ts'
import { type Answer, call, run, type TrialOptions } from './builders.ts'

type Rules = readonly Partial<PolicyRule>[]

const refund = (amount: number): ReturnType<typeof call> => call('pay.refund', { amount })

function controlsOf(rules: Rules): Controls {
  const parsed = rules.map((rule, index) => policyRule.parse({ id: `rule-${index}`, ...rule }))
  return createControls(aCandidate({ policy: { rules: parsed } }), aJudgingPolicy())
}

function again(events: readonly TraceEvent[], rules: Rules): Promise<TrialDecidedAgain> {
  return decideAgain(events, controlsOf(rules), {
    agent: { principal: 'agent' },
    readsState: false,
  })
}

const cap = (most: number): Rules => [
  { id: 'refund_cap', tool: 'pay.refund', condition: `input.amount <= ${most}` },
]

describe('a recorded trial under other rules', () => {
  it('names what is decided otherwise, and the rules of both sides', async () => {
    const ran = await run([[refund(20), refund(40)], 'Done.'], { rules: cap(30) })
    const { decided, differing, undecided } = await again(ran.events, cap(10))
    // Two calls and the reply.
    expect([decided, undecided]).toEqual([3, 0])
    expect(differing).toEqual([
      {
        id: expect.any(String) as string,
        kind: 'call',
        tool: 'pay.refund',
        recorded: { outcome: 'allow', rules: ['refund_cap'] },
        again: { outcome: 'deny', rules: ['refund_cap'] },
      },
    ])
  })

  it('says nothing of calls that no tool could take', async () => {
    const ran = await run([[call('pay.refund', { amount: 'ten' }), call('no.tool')], 'Done.'])
    expect(await again(ran.events, cap(0))).toEqual({ decided: 1, undecided: 0, differing: [] })
  })

  it('tells an error from a denial that somebody decided', async () => {
    const ran = await run([[refund(20)], 'Done.'], { rules: cap(10) })
    const broken: Rules = [{ id: 'refund_cap', tool: 'pay.refund', condition: 'input.nothing > 1' }]
    expect((await again(ran.events, broken)).differing).toMatchObject([
      { recorded: { outcome: 'deny' }, again: { outcome: 'error', rules: ['refund_cap'] } },
    ])
  })

  it('sees earlier calls when it was made: a limit within a second by the trial’s own clock', async () => {
    // A refund takes 400 ms: the third begins 800 ms after the first.
    const ran = await run([[refund(1), refund(1), refund(1)], 'Done.'])
    const within = (seconds: number): Rules => [
      { id: 'slow', tool: 'pay.refund', at_most: { count: 2, within: seconds } },
    ]
    expect((await again(ran.events, within(0.5))).differing).toEqual([])
    expect((await again(ran.events, within(1))).differing).toMatchObject([
      { again: { outcome: 'deny', rules: ['slow'] } },
    ])
  })

  it('counts the time that people took to approve', async () => {
    const approvers = someApprovers({ principal: 'lead', decision: 'approve', latency_ms: 60_000 })
    const ran = await run([[refund(1), refund(80), refund(1)], 'Done.'], { plan: { approvers } })
    expect(ran.of('tool.result').map(({ status }) => status)).toEqual(['ok', 'ok', 'ok'])
    const within = (seconds: number): Rules => [
      { id: 'slow', tool: 'pay.refund', at_most: { count: 2, within: seconds } },
    ]
    expect((await again(ran.events, within(50))).differing).toEqual([])
    expect((await again(ran.events, within(100))).differing).toMatchObject([
      { recorded: { outcome: 'allow' }, again: { outcome: 'deny', rules: ['slow'] } },
    ])
  })

  it('counts the time that the reference provider declares, and no other model’s', async () => {
    const talk = (from: 'reference' | 'live'): readonly Answer[] => [
      { content: [refund(1)], from, latencyMs: 10_000 },
      { content: [call('pay.refund', { amount: 2 })], from, latencyMs: 10_000 },
      'Done.',
    ]
    const within5: Rules = [{ id: 'slow', tool: 'pay.refund', at_most: { count: 1, within: 5 } }]
    const declared = await run(talk('reference'))
    expect((await again(declared.events, within5)).differing).toEqual([])
    const live = await run(talk('live'))
    expect((await again(live.events, within5)).differing).toHaveLength(1)
  })

  it('sees earlier calls in the form in which they ran', async () => {
    const halves: PolicyEngine = {
      name: 'opa',
      version: '1',
      decide: ({ action, stage }) =>
        stage === 'call' && action?.tool === 'pay.refund'
          ? {
              source: 'policy',
              engine: 'opa',
              decision: 'modify',
              rules: [],
              modified: { amount: 7 },
            }
          : undefined,
    }
    const ran = await run([[refund(20), call('crm.clock')], 'Done.'], {
      engines: { own: [halves], judging: [] },
    })
    const [first, second] = recordedActions(ran.events, {
      agent: { principal: 'agent' },
      readsState: false,
    })
    expect(first?.questions?.[0]?.action?.args).toEqual({ amount: 20 })
    const seen = second?.questions?.[0]?.context.calls.map(fromExprValue)
    expect(seen).toMatchObject([
      { tool: 'pay.refund', args: { amount: 7 }, at: ran.of('trial.start')[0]?.clock },
    ])
  })

  it('decides replies and results again, each as what the agent proposed', async () => {
    const pii: Rules = [{ id: 'pii', condition: 'output.contains_pii == false' }]
    const ofTicket: Rules = [
      {
        id: 'ticket',
        tool: 'crm.read',
        condition: 'output.contains_pii == false',
        sees: ['result'],
      },
    ]
    const ran = await run([[call('crm.read')], 'Write to bob@example.com.'])
    expect((await again(ran.events, pii)).differing).toMatchObject([
      { kind: 'reply', recorded: { outcome: 'allow' }, again: { outcome: 'deny', rules: ['pii'] } },
    ])
    expect((await again(ran.events, ofTicket)).differing).toMatchObject([
      { kind: 'call', tool: 'crm.read', again: { outcome: 'deny', rules: ['ticket'] } },
    ])
  })

  it('a reply that was redacted is decided in the form in which it was proposed', async () => {
    const redacts: Rules = [
      { id: 'pii', condition: 'output.contains_pii == false', on_fail: 'redact' },
    ]
    const ran = await run(['Write to bob@example.com.'], { rules: redacts })
    expect(await again(ran.events, redacts)).toEqual({ decided: 1, undecided: 0, differing: [] })
    expect((await again(ran.events, [])).differing).toMatchObject([
      { recorded: { outcome: 'modify' }, again: { outcome: 'allow' } },
    ])
  })

  it('does not claim to know a result of which only the changed form was recorded', async () => {
    const redacts: Rules = [
      {
        id: 'pii',
        tool: 'crm.read',
        condition: 'output.contains_pii == false',
        sees: ['result'],
        on_fail: 'redact',
      },
    ]
    const ran = await run([[call('crm.read')], 'Done.'], { rules: redacts })
    expect(await again(ran.events, redacts)).toMatchObject({
      decided: 1,
      undecided: 1,
      differing: [],
    })
  })

  it('nor a text from which a secret was taken when it was written', async () => {
    const events = aTrace({ steps: [step('crm.read', { key: '[redacted:api-key]' })] })
    expect(await again(events, cap(1))).toMatchObject({ decided: 0, undecided: 1 })
  })
})

describe('a rule that reads records of the world', () => {
  const questionsIn = (
    events: readonly TraceEvent[],
    state?: JsonObject,
  ): readonly PolicyQuestion[] =>
    recordedActions(events, {
      agent: { principal: 'agent' },
      readsState: true,
      ...(state !== undefined && { state: toExprValue(state) }),
    }).flatMap(({ questions }) => questions ?? [])

  it('sees them as the calls before have left them', async () => {
    const ran = await run([[refund(5), refund(7)], 'Done.'])
    const start = { tickets: {}, refunds: [], desk: [], total: 0 }
    const totals = questionsIn(ran.events, start)
      .filter(({ stage }) => stage === 'call')
      .map(({ context }) => (context.state as ReadonlyMap<string, unknown>).get('total'))
    expect(totals).toEqual([0n, 5n])
  })

  it('is not asked where nobody knows the world any more', async () => {
    const ran = await run([[refund(5)], 'Done.'])
    expect(questionsIn(ran.events)).toEqual([])
    // A trace that does not fit this world.
    expect(questionsIn(ran.events, { other: 1 }).map(({ stage }) => stage)).toEqual([
      'call',
      'result',
    ])
  })
})

describe('the same rules', () => {
  /** Sensitive to arguments, to order, to counts and to the clock. */
  const rules: Rules = [
    {
      id: 'cap',
      tool: 'pay.refund',
      condition: 'input.amount <= 30',
      on_fail: 'escalate_to_human',
    },
    { id: 'first', tool: 'pay.refund', after: 'crm.read' },
    { id: 'few', tool: 'pay.refund', at_most: { count: 2, within: 1 } },
    {
      id: 'sum',
      tool: 'pay.refund',
      at_most: { amount: 'input.amount', total: 60, within: 'task' },
    },
    { id: 'early', tool: 'crm.clock', condition: 'size(calls) < 3', on_fail: 'observe' },
    { id: 'pii', condition: 'output.contains_pii == false', on_fail: 'redact' },
  ]
  const aCall = fc.oneof(
    fc.record({ tool: fc.constant('pay.refund'), amount: fc.integer({ min: -5, max: 60 }) }),
    fc.record({ tool: fc.constantFrom('crm.read', 'crm.clock') }),
  )
  const answers = fc.array(fc.array(aCall, { minLength: 1, maxLength: 4 }), { maxLength: 4 })
  const modes = fc.constantFrom<NonNullable<TrialOptions['mode']>>('enforce', 'observe')

  it('decide a recorded trial as they did, whatever it did', async () => {
    await fc.assert(
      fc.asyncProperty(answers, modes, fc.boolean(), async (script, mode, approves) => {
        let number = 0
        const talk = script.map((calls) =>
          calls.map(({ tool, ...args }) => call(tool, args, { callId: `c${(number += 1)}` })),
        )
        const ran = await run([...talk, 'Write to bob@example.com.'], {
          rules,
          mode,
          plan: {
            approvers: someApprovers({
              principal: 'lead',
              decision: approves ? 'approve' : 'deny',
            }),
          },
          candidate: { stop: { repeats: 50, max_turns: 30 } },
        })
        const { decided, differing, undecided } = await again(ran.events, rules)
        const calls = ran.of('tool.proposed').length
        expect(differing).toEqual([])
        expect([decided, undecided]).toEqual([calls + 1, 0])
      }),
      { numRuns: 60 },
    )
  })
})
