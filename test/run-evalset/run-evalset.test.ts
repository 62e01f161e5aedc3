import { describe, expect, it } from 'vitest'
import { textOf } from '../../src/schema/message.ts'
import type { TraceEvent } from '../../src/schema/trace.ts'
import { deskWith, runDesk } from './desk.ts'

function words(events: readonly TraceEvent[] = []): readonly string[] {
  return events.flatMap((event) =>
    event.type === 'message' && (event.role === 'user' || event.role === 'assistant')
      ? [`${event.role}: ${textOf(event.content)}`].filter((line) => !line.endsWith(': '))
      : [],
  )
}

const simulated = `
id: refund.asked
user:
  opening: I want my money back.
  goal: a refund of the order
  knows: { order_id: O-1, email: ana@example.com }
expect:
  effects: { required: [{ tool: issue_refund, args: { order_id: O-1 } }] }
  says: [{ any: "(?i)refunded" }]
oracle:
  - { say: "What is your order id?" }
  - { call: issue_refund, args: { order_id: O-1, amount_cents: 4000 } }
  - { say: Refunded. }
`

describe('a case with a simulated user', () => {
  it('is played without a model, its cost under its own role', async () => {
    const { events, lines } = await runDesk(await deskWith(simulated))
    expect(words(events.get('refund.asked#1'))).toEqual([
      'user: I want my money back.',
      'assistant: What is your order id?',
      'user: order id: O-1.',
      'assistant: Refunded.',
    ])
    const [line] = lines
    expect(line).toMatchObject({ outcome: 'pass', termination: 'done', modelCalls: 3 })
    expect(line?.costByRole.user_simulator).toBeGreaterThan(0)
    expect(line?.costUsd).toBe(line?.costByRole.agent)
  })

  it('leaves the trial of the same case with a scripted user as it is', async () => {
    const scripted = simulated.replace(
      /user:[^]*?(?=expect)/,
      'conversation: [{ say: I want my money back. }, { say: "order id: O-1." }]\n',
    )
    const [one] = (await runDesk(await deskWith(scripted))).lines
    const [other] = (await runDesk(await deskWith(simulated))).lines
    const { costByRole, ...same } = { ...other, definitionHash: one?.definitionHash }
    expect(costByRole?.agent).toBe(one?.costByRole.agent)
    expect(one).toMatchObject(same)
  })

  it('is invalid where the simulator does what it must not', async () => {
    const set = await deskWith(
      simulated.replace('knows:', 'must_not: [lorem, "O-\\\\d"]\n  knows:'),
    )
    const { lines } = await runDesk(set)
    expect(lines[0]).toMatchObject({ outcome: 'invalid', termination: 'user_sim', grades: [] })
    expect(lines[0]?.outcomeReason).toBe(
      'user_sim: the simulated user said /O-\\d/: order id: O-1.',
    )
  })

  it('needs a model that there is, and only where there is such a case', async () => {
    const more = 'user_simulator: { model: "refrence:" }\n'
    await expect(deskWith(simulated, more).then(runDesk)).rejects.toThrow(
      'unknown provider "refrence" in model "refrence:"',
    )
    const scripted = simulated.replace(/user:[^]*?(?=expect)/, 'ask: Refund O-1.\n')
    expect((await runDesk(await deskWith(scripted, more))).lines[0]?.termination).toBe('done')
  })
})

describe('a case without an oracle', () => {
  it('runs, and the reference provider says nothing', async () => {
    const draft = 'id: idea\nask: Refund O-1.\nexpect: { says: [{ any: refunded }] }\n'
    const { events, lines } = await runDesk(await deskWith(draft))
    expect(words(events.get('idea#1'))).toEqual(['user: Refund O-1.'])
    expect(lines[0]).toMatchObject({ outcome: 'fail', termination: 'done' })
  })
})

describe('a scripted conversation', () => {
  it('waits for what the agent must ask, and falls back', async () => {
    const { events, lines } = await runDesk(
      await deskWith(`
id: talk
conversation:
  - { say: I want a refund. }
  - { say: "It is O-1.", when: "(?i)order (id|number)" }
  - { say: Never sent., when: colour }
fallback: I do not know.
expect:
  effects: { required: [{ tool: issue_refund, args: { order_id: O-1 } }] }
  says: [{ any: refunded }]
oracle:
  - { say: "When did you buy it?" }
  - { say: "Your order number?" }
  - { call: issue_refund, args: { order_id: O-1, amount_cents: 4000 } }
  - { say: I refunded it. }
`),
    )
    expect(words(events.get('talk#1'))).toEqual([
      'user: I want a refund.',
      'assistant: When did you buy it?',
      'user: I do not know.',
      'assistant: Your order number?',
      'user: It is O-1.',
      'assistant: I refunded it.',
    ])
    expect(lines[0]?.outcome).toBe('pass')
  })
})
