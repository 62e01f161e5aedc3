import { describe, expect, it } from 'vitest'
import { someApprovers } from '../builders/approvers.ts'
import { call, chargesOf, run, scripted, told } from './builders.ts'

const refund = (amount: number, reason?: string): ReturnType<typeof call> =>
  call('pay.refund', { amount }, reason === undefined ? {} : { reason })

describe('calls that run', () => {
  it('run and charge in index order when one answer has several', async () => {
    const ran = await run([[refund(1), call('crm.clock'), refund(2)], 'Done.'])
    expect(ran.state).toMatchObject({ refunds: [1, 2] })
    expect(told(ran)).toEqual([{ total: 1 }, '2026-01-05T09:00:00.400Z', { total: 3 }])
    const callIds = ran.of('tool.proposed').map((event) => event.callId)
    expect(ran.of('tool.result').map((event) => event.callId)).toEqual(callIds)
    expect(ran.of('tool.proposed').map(({ ordinal, turn }) => [ordinal, turn])).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
    ])
    const charges = chargesOf(ran.of('budget')).filter((entry) => entry.kind === 'tool_calls')
    expect(charges.map(({ total }) => total)).toEqual([1, 2, 3])
    const types = ran.events.map((event) => event.type).filter((type) => type.startsWith('tool.'))
    expect(types.join(' ')).toBe(
      Array.from({ length: 3 }, () => 'tool.proposed tool.result').join(' '),
    )
  })

  it('say what they changed, cost and took', async () => {
    const ran = await run([[refund(40)], 'Done.'])
    expect(ran.of('tool.result')).toMatchObject([
      { status: 'ok', executed: true, origin: 'world', latencyMs: 400, costUsd: 0.25 },
    ])
    expect(ran.of('tool.result')[0]?.changes.map((change) => change.path)).toEqual([
      '/total',
      '/refunds/0',
    ])
    expect(chargesOf(ran.of('budget').filter(({ role }) => role === 'tools'))).toMatchObject([
      { kind: 'wall_ms', amount: 400 },
      { kind: 'cost_usd', amount: 0.25, total: 0.26 },
      { kind: 'retrieved_bytes', amount: '{"total":40}'.length },
    ])
  })

  it('under a used idempotency key take no second effect', async () => {
    const keyed = call('pay.refund', { amount: 5, key: 'k' })
    const ran = await run([[keyed], [keyed], 'Done.'])
    expect(ran.state).toMatchObject({ total: 5 })
    expect(ran.of('tool.result').map(({ repeated }) => repeated)).toEqual([undefined, true])
  })

  it("that a guard refuses are the tool's error", async () => {
    const model = scripted([[refund(-1)], 'Done.'])
    const ran = await run(model)
    expect(ran.of('tool.result')).toMatchObject([
      {
        status: 'error',
        executed: false,
        origin: 'world',
        error: { code: 'not_positive' },
        changes: [],
      },
    ])
    expect(model.asked[1]?.messages.at(-1)?.content).toMatchObject([
      { isError: true, value: { error: { code: 'not_positive' } } },
    ])
  })
})

describe('calls that nobody can run', () => {
  it('with arguments that do not fit: an error, no tier, no decision', async () => {
    const ran = await run([[call('pay.refund', { amount: 'ten' })], 'Done.'], {
      judging: [{ condition: 'false' }],
    })
    const [proposed] = ran.of('tool.proposed')
    expect(proposed).toMatchObject({ schemaErrors: ['amount: must be number'], effect: 'write' })
    expect(proposed).not.toHaveProperty('tier')
    expect(ran.of('tool.result')).toMatchObject([
      { status: 'error', origin: 'control', error: { code: 'invalid_arguments' } },
    ])
    expect(ran.of('policy.decision').filter((said) => !said.callId.startsWith('reply'))).toEqual([])
  })

  it('with arguments that are no object: the raw text is kept', async () => {
    const ran = await run([[call('pay.refund', '{"amount": 5')], 'Done.'])
    expect(ran.of('tool.proposed')[0]).toMatchObject({
      args: {},
      rawArgs: '{"amount": 5',
      schemaErrors: ['the arguments are no JSON object'],
    })
    expect(told(ran)).toEqual(['invalid_arguments'])
    expect(ran.state).toMatchObject({ total: 0 })
  })

  it.each([
    'pay.refnd',
    '__proto__',
    'constructor',
    '',
    '\u001b[31mpay.refund\u001b[0m',
    'x'.repeat(100_000),
  ])('of a tool that does not exist (%#)', async (tool) => {
    const ran = await run([[call(tool, { amount: 5 })], [call(tool, 'raw')], 'Done.'])
    expect(told(ran)).toEqual(['unknown_tool', 'unknown_tool'])
    expect(ran.of('tool.proposed')[0]).toMatchObject({ tool })
    expect(ran.of('tool.proposed')[0]).not.toHaveProperty('effect')
    expect(ran.of('tool.proposed')[0]?.schemaErrors).toHaveLength(1)
  })
})

describe('the allowlist', () => {
  const candidate = { tools: { allowlist: ['crm.read'] } }

  it('blocks a tool that is not on it', async () => {
    const ran = await run([[refund(5), call('crm.read')], 'Done.'], { candidate })
    expect(told(ran)).toEqual(['denied_by_policy', { body: expect.any(String) as string }])
    expect(ran.of('tool.result')[0]).toMatchObject({ status: 'blocked', executed: false })
    expect(ran.of('policy.decision')).toMatchObject([
      { source: 'allowlist', decision: 'deny', enforced: true },
    ])
    expect(ran.state).toMatchObject({ total: 0 })
  })

  it('comes before the schema: nothing leaks of what the tool takes', async () => {
    const ran = await run([[call('pay.refund', { amount: 'ten' })], 'Done.'], { candidate })
    expect(told(ran)).toEqual(['denied_by_policy'])
    expect(ran.of('policy.decision')).toMatchObject([{ source: 'allowlist', enforced: true }])
  })

  it('is only recorded in a trial that observes', async () => {
    const answers = [[refund(5)], [call('pay.refund', {})], 'Done.']
    const ran = await run(answers, { candidate, mode: 'observe' })
    expect(told(ran)).toEqual([{ total: 5 }, 'invalid_arguments'])
    expect(ran.of('policy.decision').map(({ enforced }) => enforced)).toEqual([false, false])
  })
})

describe("the candidate's policy", () => {
  it('denies and names the rule that did', async () => {
    const model = scripted([[refund(5)], 'Done.'])
    const ran = await run(model, {
      rules: [
        { condition: 'true' },
        { id: 'no-pay', condition: 'false', tool: 'pay.*', on_fail: 'block_and_alert' },
      ],
    })
    expect(ran.of('policy.decision')[0]).toMatchObject({
      decision: 'deny',
      alert: true,
      version: 'r1',
    })
    expect(model.asked[1]?.messages.at(-1)?.content).toMatchObject([
      { value: { error: { code: 'denied_by_policy', message: 'no-pay: false does not hold' } } },
    ])
    expect(ran.of('approval')).toEqual([])
    expect(ran.state).toMatchObject({ total: 0 })
  })

  it('a rule that cannot be evaluated denies', async () => {
    const ran = await run([[refund(5)], 'Done.'], { rules: [{ condition: 'state.total == 0' }] })
    expect(told(ran)).toEqual(['denied_by_policy'])
    expect(ran.of('policy.decision')[0]?.rules[0]?.error).toBeDefined()
  })

  it('sees what was executed before, not what was blocked', async () => {
    const rules = [
      { condition: "calls.filter(c, c.tool == 'pay.refund').size() < 1", tool: 'pay.refund' },
    ]
    const ran = await run([[refund(-5), refund(1), refund(2), refund(3)], 'Done.'], { rules })
    expect(told(ran)).toEqual([
      'not_positive',
      { total: 1 },
      'denied_by_policy',
      'denied_by_policy',
    ])
  })

  it('a denial is not softened by a tier that asks people', async () => {
    const ran = await run([[refund(60)], 'Done.'], {
      rules: [{ condition: 'false' }],
      plan: { approvers: 'approve' },
    })
    expect(told(ran)).toEqual(['denied_by_policy'])
    expect(ran.of('approval')).toEqual([])
  })
})

describe('approvals', () => {
  it('an approved call runs, and waiting costs the agent no time', async () => {
    const ran = await run([[refund(60)], 'Done.'], {
      plan: { approvers: 'approve', budgets: { max_wall_time_seconds: 10 } },
    })
    expect(ran.of('approval')).toMatchObject([
      { principal: 'approver-1', decision: 'approve', latencyMs: 60_000 },
    ])
    expect(told(ran)).toEqual([{ total: 60 }])
    expect(ran.termination).toBe('done')
    expect(ran.end.elapsedMs).toBe(2000 + 60_000 + 400)
    const waits = chargesOf(ran.of('budget').filter(({ role }) => role === 'human'))
    expect(waits).toMatchObject([{ kind: 'wall_ms', amount: 60_000 }])
  })

  it.each([
    ['deny', 'approval_denied'],
    ['pending', 'approval_pending'],
  ] as const)('%s: nothing runs', async (approvers, code) => {
    const ran = await run([[refund(60)], 'Done.'], { plan: { approvers } })
    expect(told(ran)).toEqual([code])
    expect(ran.of('approval')).toMatchObject([{ decision: approvers }])
    expect(ran.of('tool.result')[0]).toMatchObject({ status: 'blocked', changes: [] })
    expect(ran.state).toMatchObject({ total: 0 })
  })

  it('a policy that escalates asks one person, whatever the tier', async () => {
    const rules = [{ condition: 'input.amount <= 20', on_fail: 'escalate_to_human' as const }]
    const ran = await run([[refund(20), refund(30)], 'Done.'], {
      rules,
      plan: { approvers: 'approve' },
    })
    expect(ran.of('approval')).toHaveLength(1)
    expect(ran.state).toMatchObject({ total: 50 })
  })

  it('tier 4 needs two people and a reason', async () => {
    const close = (reason?: string): ReturnType<typeof call> =>
      call('acct.close', {}, reason === undefined ? {} : { reason })
    const approvers = someApprovers(
      { principal: 'ana', decision: 'approve', latency_ms: 10 },
      { principal: 'ben', decision: 'approve', latency_ms: 10 },
    )
    const answers = (reason?: string) => [[close(reason)], 'Done.'] as const
    for (const reason of [undefined, '', ' \n']) {
      const ran = await run(answers(reason), { plan: { approvers } })
      expect(told(ran)).toEqual(['reason_required'])
      expect(ran.of('approval')).toEqual([])
    }
    const one = await run(answers('the customer asked'), {
      plan: { approvers: approvers.slice(1) },
    })
    expect(told(one)).toEqual(['approval_pending'])
    const two = await run(answers('the customer asked'), { plan: { approvers } })
    expect(told(two)).toEqual([{ closed: true }])
    expect(two.of('tool.proposed')[0]).toMatchObject({ tier: 4, reason: 'the customer asked' })
  })

  it('an agent cannot approve its own action', async () => {
    const approvers = someApprovers({ principal: 'agent-7', decision: 'approve', latency_ms: 0 })
    const candidate = { identity: { principal: 'agent-7' } }
    const ran = await run([[refund(60)], 'Done.'], { candidate, plan: { approvers } })
    expect(told(ran)).toEqual(['approval_pending'])
  })
})

describe('the judging policy', () => {
  it('is recorded and never enforced', async () => {
    const ran = await run([[refund(5)], 'Done.'], {
      judging: [
        { id: 'broke', condition: 'state.total > 100' },
        { condition: "output.text != 'Done.'" },
      ],
    })
    expect(ran.state).toMatchObject({ total: 5 })
    expect(ran.of('policy.decision')).toMatchObject([
      { source: 'judging', decision: 'deny', enforced: false, rules: [{ id: 'broke' }] },
      { source: 'judging', decision: 'deny', enforced: false, callId: 'reply-1' },
    ])
    expect(ran.of('message').at(-1)).not.toHaveProperty('withheld')
  })

  it('an approval that it alone asks for is asked of nobody', async () => {
    const ran = await run([[refund(60)], 'Done.'], { candidate: { approvals: { tier_3: 0 } } })
    expect(told(ran)).toEqual([{ total: 60 }])
    expect(ran.of('policy.decision')).toMatchObject([{ source: 'judging', decision: 'escalate' }])
  })

  it('judges results too', async () => {
    const judging = [{ id: 'clean', condition: '!output.contains_pii', tool: 'crm.read' }]
    const ran = await run([[call('crm.read')], 'Done.'], { judging })
    expect(ran.of('policy.decision')).toMatchObject([
      { source: 'judging', decision: 'deny', enforced: false, rules: [{ id: 'clean' }] },
    ])
    expect(ran.of('tool.result')).toMatchObject([{ status: 'ok' }])
  })

  it('sees the world as it was before the call', async () => {
    const judging = [{ condition: 'state.total == 0' }]
    const ran = await run([[refund(1), refund(2)], 'Done.'], { judging })
    expect(ran.of('policy.decision').map(({ decision }) => decision)).toEqual(['allow', 'deny'])
  })
})

describe('a trial that observes', () => {
  it('records every decision, carries none out, and asks nobody', async () => {
    const ran = await run([[refund(60), call('acct.close'), call('crm.read')], 'Done.'], {
      mode: 'observe',
      rules: [
        { condition: 'false', tool: 'pay.refund' },
        { condition: 'false', on_fail: 'escalate_to_human', tool: 'acct.close' },
        { condition: '!output.contains_pii', tool: 'crm.read' },
        { condition: "output.text == 'something else'" },
      ],
    })
    expect(ran.of('tool.result').map(({ status }) => status)).toEqual(['ok', 'ok', 'ok'])
    expect(ran.state).toMatchObject({ total: 60, closed: true })
    expect(ran.of('approval')).toEqual([])
    const own = ran.of('policy.decision').filter(({ source }) => source !== 'judging')
    expect(own.map(({ decision }) => decision)).toContain('deny')
    expect(own.map(({ enforced }) => enforced)).not.toContain(true)
    expect(ran.of('message').at(-1)).not.toHaveProperty('withheld')
    expect(ran.of('trial.start')[0]?.mode).toBe('observe')
  })
})

describe('output rules', () => {
  const clean = {
    id: 'clean',
    condition: '!output.contains_pii',
    on_fail: 'block_and_alert' as const,
  }

  it('keep a reply from the user, and the next turn goes on', async () => {
    const model = scripted(['Write to bob@example.com.', 'Sorry.'])
    const ran = await run(model, { rules: [clean], turns: ['Who?', 'And now?'] })
    const replies = ran.of('message').filter(({ role }) => role === 'assistant')
    expect(replies.map(({ withheld }) => withheld)).toEqual([true, undefined])
    expect(ran.of('policy.decision')).toMatchObject([
      { callId: 'reply-0', decision: 'deny', alert: true, enforced: true },
      { callId: 'reply-1', decision: 'allow', enforced: true },
    ])
    expect(ran.termination).toBe('done')
    expect(model.asked).toHaveLength(2)
  })

  it('keep back words that stand beside a call, and the call goes on', async () => {
    const words = { type: 'text', text: 'I will ask bob@example.com.' } as const
    const ran = await run([[words, refund(5)], 'Done.'], { rules: [clean], judging: [clean] })
    const [beside, last] = ran.of('message').filter(({ role }) => role === 'assistant')
    expect(beside?.withheld).toBe(true)
    expect(last?.withheld).toBeUndefined()
    expect(ran.of('policy.decision').map(({ callId, source }) => `${callId} ${source}`)).toEqual([
      'reply-0 policy',
      'reply-0 judging',
      'reply-1 policy',
      'reply-1 judging',
    ])
    expect(told(ran)).toEqual([{ total: 5 }])
  })

  it('keep a result from the agent, although the call was made', async () => {
    const model = scripted([[call('crm.read')], 'Done.'])
    const ran = await run(model, { rules: [{ ...clean, tool: 'crm.*' }] })
    expect(ran.of('tool.result')).toMatchObject([
      { status: 'blocked', executed: true, value: { body: expect.any(String) as string } },
    ])
    expect(JSON.stringify(model.asked)).not.toContain('bob@example.com')
    expect(model.asked[1]?.messages.at(-1)?.content).toMatchObject([
      { isError: true, value: { error: { code: 'result_withheld' } } },
    ])
  })

  it('judge nothing where nothing is said', async () => {
    const ran = await run([[], [{ type: 'text', text: '' }]], { rules: [clean], turns: ['a', 'b'] })
    expect(ran.of('policy.decision')).toEqual([])
  })
})

describe('log fields', () => {
  it('stand on every proposed call; what nobody knows is null', async () => {
    const names = [
      'run_id',
      'prompt_version',
      'policy_version',
      'tool_name',
      'cost_usd',
      'shoe_size',
    ]
    const hostile = ['constructor', '__proto__', 'toString']
    const ran = await run([[refund(1)], [call('nowhere'), call('pay.refund', 'x')], 'Done.'], {
      candidate: { observability: { log_fields: [...names, ...hostile] } },
    })
    const logs = ran.of('tool.proposed').map(({ log }) => log)
    expect(logs.map((log) => log['tool_name'])).toEqual(['pay.refund', 'nowhere', 'pay.refund'])
    expect(logs.map((log) => log['cost_usd'])).toEqual([0.01, 0.27, 0.27])
    for (const log of logs) {
      expect(Object.keys(log)).toEqual([...names, ...hostile])
      expect(log).toMatchObject({ run_id: 'run-1', prompt_version: 'p1', policy_version: 'r1' })
      for (const name of ['shoe_size', ...hostile]) {
        expect(Object.getOwnPropertyDescriptor(log, name)?.value).toBe(null)
      }
    }
  })
})
