import { expect, test } from 'vitest'
import { whyItDidNotRun, whyItRan, whyItWasNotSaid } from '../../../src/report/notes/why-it-ran.ts'
import { painter } from '../../../src/report/terminal/paint.ts'
import { eventBody, type TraceEvent } from '../../../src/schema/trace.ts'
import { aTrace, type CallFacts, call, say, write } from '../../builders/trace.ts'

const plain = painter(false)
const args = { order_id: 'O-1', amount_usd: 60 }

function refund(facts: CallFacts): readonly TraceEvent[] {
  return aTrace({ steps: [write('payments.issue_refund', args, { tier: 3, ...facts })] })
}

/** Events of which the builder knows nothing, as a trial records them. */
function events(...bodies: readonly object[]): TraceEvent[] {
  return bodies.map((body, seq) => ({ ...eventBody.parse(body), seq, tMs: 0 }))
}

const proposed = {
  type: 'tool.proposed',
  callId: 'c1',
  turn: 1,
  ordinal: 0,
  tool: 'payments.issue_refund',
  args,
  schemaErrors: [],
  tier: 3,
  effect: 'write',
  log: {},
} as const

const ran = {
  type: 'tool.result',
  callId: 'c1',
  tool: 'payments.issue_refund',
  status: 'ok',
  executed: true,
  origin: 'world',
  value: { id: 'R-1' },
  changes: [],
  latencyMs: 0,
} as const

test('every engine answers under its own name, and of several rules the deciding ones come first', () => {
  const text = whyItRan(
    refund({
      controls: [
        {
          source: 'policy',
          engine: 'cel',
          version: 'r7',
          decision: 'escalate',
          rules: [
            { id: 'own_orders', decision: 'allow', reason: 'the order is theirs' },
            { id: 'refund_cap', decision: 'escalate', reason: 'over 50', severity: 'high' },
          ],
        },
        { source: 'policy', engine: 'cedar', decision: 'allow', rules: [] },
        {
          source: 'identity',
          decision: 'allow',
          rules: [{ id: 'identity.scope', decision: 'allow', reason: 'it has payments:write' }],
        },
      ],
    }),
    plain,
  )
  expect(text.join('\n')).toMatchInlineSnapshot(`
    "  step 6  payments.issue_refund (write, tier 3)
        escalate by the candidate's policy (version r7)
          - refund_cap (high): over 50
          - own_orders says allow: the order is theirs
        allow by the candidate's policy in Cedar
        allow by the agent's identity: identity.scope: it has payments:write"
  `)
})

test('who approved, with which trust, what it sets aside, and who did not answer', () => {
  const text = whyItRan(
    refund({
      approvals: [
        { principal: 'shift-lead', decision: 'timeout', latencyMs: 120_000, kind: 'human' },
        {
          principal: 'senior-agent',
          decision: 'approve',
          latencyMs: 2_000,
          kind: 'agent',
          trust: 3,
          overrides: ['refund_cap'],
        },
      ],
    }),
    plain,
  ).join('\n')
  expect(text).toContain('no answer from shift-lead (human) within 2m 00s; the next one was asked')
  expect(text.replaceAll(/\s+/g, ' ')).toContain(
    'approved by senior-agent (agent, up to tier 3) after 2.0 s; sets aside refund_cap',
  )
})

test('what it moves, needs and touches stands beside the tool', () => {
  const [head] = whyItRan(
    events({ ...proposed, scope: 'payments:write', tenant: 'acme', usd: 60 }, ran),
    plain,
  )
  expect(head).toBe(
    '  step 0  payments.issue_refund (write, tier 3, moves $60.00, needs payments:write, of tenant acme)',
  )
})

test('a changed form is shown before and after, for arguments and for results', () => {
  const decision = {
    type: 'policy.decision',
    callId: 'c1',
    source: 'policy',
    decision: 'modify',
    enforced: true,
    rules: [],
  } as const
  const capped = { order_id: 'O-1', amount_usd: 50 }
  const text = whyItRan(
    events(
      proposed,
      { ...decision, modified: capped },
      { ...decision, modified: { id: '[redacted:id]' } },
      { type: 'notice', callId: 'c1', text: '80 % of the tokens are used' },
      { ...ran, value: { id: '[redacted:id]' } },
    ),
    plain,
  ).join(' ')
  expect(text.replaceAll(/\s+/g, ' ')).toContain(
    'it ran with {"amount_usd":50,"order_id":"O-1"} in place of {"amount_usd":60,"order_id":"O-1"}',
  )
  expect(text).toContain('its result reached the agent as {"id":"[redacted:id]"}')
  expect(text).toContain('beside the result the agent was told: 80 % of the tokens are used')
})

test('a result that was kept back, and controls that only observed', () => {
  const withheld = whyItRan(events(proposed, { ...ran, status: 'blocked' }), plain)
  expect(withheld.at(-1)?.trim()).toBe('it ran, and its result was kept from the agent')
  const observed = whyItRan(
    refund({ controls: [{ source: 'policy', decision: 'deny', enforced: false }] }),
    plain,
  )
  expect(observed).toContain('    it ran all the same: the controls only observed')
})

test('a read that some control has something against is explained too', () => {
  const look = (decision: 'allow' | 'modify'): readonly string[] =>
    whyItRan(
      aTrace({ steps: [call('crm.read', {}, { controls: [{ source: 'policy', decision }] })] }),
      plain,
    )
  expect(look('allow')).toEqual([])
  expect(look('modify')).toHaveLength(2)
})

test('a call that did not run: who stopped it, errors apart, and what the agent was told', () => {
  const text = whyItDidNotRun(
    refund({
      status: 'blocked',
      error: { code: 'denied_by_policy', message: 'opa: timed out' },
      controls: [
        {
          source: 'policy',
          engine: 'opa',
          decision: 'deny',
          fallback: true,
          alert: true,
          rules: [
            {
              id: 'support/decision',
              decision: 'deny',
              reason: 'the server did not answer',
              error: 'timed out after 1000 ms',
            },
          ],
        },
      ],
    }),
    plain,
  )
  expect(text.join('\n')).toMatchInlineSnapshot(`
    "  step 6  payments.issue_refund (write, tier 3)
        deny by the candidate's policy in OPA (raises an alert; the fallback takes
          over): support/decision could not decide, which denies: timed out after
          1000 ms
        the agent was told: denied_by_policy: opa: timed out"
  `)
  expect(whyItRan(refund({ status: 'blocked' }), plain)).toEqual([])
})

test('a call with bad arguments is no decision of a control', () => {
  const trace = aTrace({ steps: [call('crm.read', {}, { schemaErrors: ['id is missing'] })] })
  expect(whyItDidNotRun(trace, plain)).toEqual([])
})

test('a reply that never arrived, and one that arrived in another form', () => {
  const denial = {
    type: 'policy.decision',
    callId: 'reply-0',
    source: 'policy',
    decision: 'deny',
    enforced: true,
    alert: true,
    rules: [{ id: 'pii_redaction', decision: 'deny', reason: 'an e-mail address' }],
  } as const
  const words = {
    type: 'message',
    role: 'assistant',
    turn: 1,
    content: [{ type: 'text', text: 'write to ana@example.com' }],
    withheld: true,
  } as const
  const { type, role, turn } = words
  const content = [{ type: 'text', text: 'write to us' }] as const
  const heard = { type, role, turn, content: [...content], modified: true } as const
  const kept = whyItWasNotSaid(events(denial, words), plain).join('\n')
  expect(kept).toContain('step 1  a reply to the user')
  expect(kept.replaceAll(/\s+/g, ' ')).toContain('pii_redaction: an e-mail address')
  expect(kept).toContain('the user never received it')
  const changed = whyItWasNotSaid(events(denial, words, heard), plain).join('\n')
  expect(changed).toContain('the user received it in another form')
  expect(whyItWasNotSaid(aTrace({ steps: [say('Done.')] }), plain)).toEqual([])
})

test('a line of the log that was kept out of it', () => {
  const lines = whyItWasNotSaid(
    events({ type: 'log', logId: 'log-1', text: 'the key is sk-1', withheld: true }),
    plain,
  )
  expect(lines).toEqual(["  step 0  a line of the agent's log", '    the log never received it'])
})

test('words of models, tools and policies cannot move the cursor or pose as lines of ours', () => {
  const evil = '\u001b[2Jgone\n  step 9  other\r\u0007'
  const text = whyItDidNotRun(
    refund({
      status: 'blocked',
      reason: evil,
      error: { code: evil, message: evil },
      controls: [
        {
          source: 'policy',
          decision: 'deny',
          rules: [{ id: evil, decision: 'deny', reason: evil }],
        },
      ],
      approvals: [{ principal: evil, decision: 'deny', overrides: [evil] }],
    }),
    plain,
  )
  expect(text.join('')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/)
  expect(text.filter((line) => /^ {2}step/.test(line))).toHaveLength(1)
})
