import { describe, expect, it } from 'vitest'
import { problemsOf, refundDesk, refundDeskEdited, refundDeskWith } from './memory-folder.ts'

const refund = 'cases/outcome/refund.yaml'
const note = 'cases/adversarial/note.yaml'

/** The first lines of what is said, without code frames. */
async function heads(folder: Parameters<typeof problemsOf>[0]): Promise<readonly string[]> {
  return (await problemsOf(folder)).split('\n').filter((line) => /^\S+\.(yaml|jsonl):/.test(line))
}

describe('tools', () => {
  it('that a case names must be in the world', async () => {
    expect(
      await problemsOf(refundDeskEdited(refund, 'tool: issue_refund', 'tool: isue_refund')),
    ).toMatchInlineSnapshot(`
      "cases/outcome/refund.yaml:6:15 expect.effects.required.0.tool: unknown tool "isue_refund"; did you mean "issue_refund"?
        5 |     required:
      > 6 |       - tool: isue_refund
          |               ^
      "
    `)
  })

  it('are looked for everywhere in a case', async () => {
    const text = `id: x
ask: x
expect:
  calls: [{ tool: t1, before: t2 }]
  effects: { required: [{ tool: t3 }], allowed: [{ tool: t4 }] }
  evidence: [{ tool: t5, before: t6 }]
attack:
  inject: { slot: order-note, template: plain, goal: x }
  goal: "false"
  steps: [{ call: t7 }]
oracle: [{ call: t8 }, { call: reed_order }]
`
    const told = await heads(refundDeskWith({ 'cases/adversarial/x.yaml': text }))
    expect(told.map((line) => line.split(' ')[1])).toEqual([
      'expect.calls.0.tool:',
      'expect.calls.0.before:',
      'expect.effects.required.0.tool:',
      'expect.effects.allowed.0.tool:',
      'expect.evidence.0.tool:',
      'expect.evidence.0.before:',
      'attack.steps.0.call:',
      'oracle.0.call:',
      'oracle.1.call:',
    ])
    expect(told.at(-2)).toContain('unknown tool "t8"; known: read_order, issue_refund')
    expect(told.at(-1)).toContain('unknown tool "reed_order"; did you mean "read_order"?')
  })

  it('are not looked for in a world that could not be read', async () => {
    const told = await heads(
      refundDeskWith({
        'world.yaml': 'clock: 1',
        [refund]: refundDesk[refund].replace('tool: issue', 'tool: isue').replace('$2', '$9'),
      }),
    )
    expect(told.map((line) => line.split(':')[0])).toEqual([
      refund,
      'world.yaml',
      'world.yaml',
      'world.yaml',
    ])
  })
})

describe('ids', () => {
  it('stand once, whatever the file', async () => {
    const told = await problemsOf(refundDeskWith({ 'cases/schema/twice.yaml': refundDesk[refund] }))
    expect(told).toMatchInlineSnapshot(`
      "cases/schema/twice.yaml:1:5 id: cases/outcome/refund.yaml:1 has the id "refund.full" already
      > 1 | id: refund.full
          |     ^
      "
    `)
  })
})

describe('references of an oracle', () => {
  it('mean calls that came before', async () => {
    expect(await problemsOf(refundDeskEdited(refund, '{$2.id}', '{$3.id}'))).toMatchInlineSnapshot(`
      "cases/outcome/refund.yaml:11:33 oracle.2.say: "{$3.id}" means the result of call 3, but only 2 calls come before it
        10 |   - { call: issue_refund, args: { order_id: O-1, amount_cents: 4000 } }
      > 11 |   - { say: "Refunded, reference {$3.id}." }
           |                                 ^
      "
    `)
    const own = 'amount_cents: 4000'
    expect(await heads(refundDeskEdited(refund, own, 'amount_cents: "$2.total"'))).toEqual([
      `${refund}:10:64 oracle.1.args.amount_cents: "$2.total" means the result of call 2, but only 1 call comes before it`,
    ])
    expect(await heads(refundDeskEdited(refund, own, 'amount_cents: $1.total_cents'))).toEqual([])
    expect(
      await heads(
        refundDeskEdited(
          refund,
          'args: { order_id: O-1 } }\n  - { call: issue',
          'args: { deep: [{ x: $0 }] } }\n  - { call: issue',
        ),
      ),
    ).toEqual([
      `${refund}:9:45 oracle.0.args.deep.0.x: "$0" means the result of call 0, but no call comes before it`,
    ])
  })

  it('in the steps of an attack mean its own calls', async () => {
    const steps = '{ call: read_order }\n      - { call: issue_refund, args: { order_id: $1.id,'
    const first = '{ call: issue_refund, args: { order_id: O-2,'
    expect(await heads(refundDeskEdited(note, first, steps))).toEqual([])
    expect(await heads(refundDeskEdited(note, first, steps.replace('$1', '$2')))).toEqual([
      `${note}:10:49 0.attack.steps.1.args.order_id: "$2.id" means the result of call 2, but only 1 call comes before it`,
    ])
  })
})

describe('attacks', () => {
  it('use slots and templates that there are', async () => {
    const edited = refundDeskEdited(
      note,
      'slot: order-note, template: plain',
      'slot: order-nite, template: plane',
    )
    expect(await problemsOf(edited)).toMatchInlineSnapshot(`
      "cases/adversarial/note.yaml:6:21 0.attack.inject.slot: unknown slot "order-nite"; did you mean "order-note"?
        5 |   attack:
      > 6 |     inject: { slot: order-nite, template: plane, goal: refund O-2 }
          |                     ^
      cases/adversarial/note.yaml:6:43 0.attack.inject.template: unknown template "plane"; known: plain
        5 |   attack:
      > 6 |     inject: { slot: order-nite, template: plane, goal: refund O-2 }
          |                                           ^
      "
    `)
  })

  it('find a text in the slot, in the state of their case', async () => {
    const injections = refundDesk['injections.yaml'].replace('/orders/O-1/note', '/orders/O-9/note')
    expect(await heads(refundDeskWith({ 'injections.yaml': injections }))).toEqual([
      `${note}:6:21 0.attack.inject.slot: the state of this case has no text at /orders/O-9/note`,
    ])
    const patch =
      '  world: { patch: [{ op: set, path: /orders/O-9, value: { note: x } }] }\n  oracle:'
    const patched = refundDesk[note].replace('  oracle:', patch)
    expect(await heads(refundDeskWith({ 'injections.yaml': injections, [note]: patched }))).toEqual(
      [],
    )
  })
})

describe('expressions', () => {
  it('of a world name what a call has', async () => {
    const world = refundDesk['world.yaml']
      .replace('args.order_id in state', 'arg.order_id in state')
      .replace('when: args.amount_cents', 'when: args.amount_cents +')
      .replace('at: =now', 'at: =before')
      .replace('"/orders/{args.order_id}/status"', `'/orders/{args.order_id + "}"}{nwo'`)
      .replace('size(before', 'sise(before')
    expect(await problemsOf(refundDeskWith({ 'world.yaml': world }))).toMatchInlineSnapshot(`
      "world.yaml:14:20 tools.read_order.guards.0.require: unknown variable "arg"; did you mean "args"?
        13 |     guards:
      > 14 |       - { require: arg.order_id in state.orders, error: unknown_order }
           |                    ^
      world.yaml:19:35 tools.issue_refund.risk_tier.0.when: no valid expression: found + but expecting end of input
        18 |     risk_tier:
      > 19 |       - { when: args.amount_cents + <= 5000, tier: 2 }
           |                                   ^
      world.yaml:24:76 tools.issue_refund.change.0.value.at: unknown variable "before"; known: args, state, now
        23 |     change:
      > 24 |       - { op: append, path: /refunds, value: { order: =args.order_id, at: =before } }
           |                                                                            ^
      world.yaml:25:57 tools.issue_refund.change.1.path: unknown variable "nwo"; did you mean "now"?
        24 |       - { op: append, path: /refunds, value: { order: =args.order_id, at: =before } }
      > 25 |       - { op: set, path: '/orders/{args.order_id + "}"}{nwo', value: refunded }
           |                                                         ^
      world.yaml:26:29 tools.issue_refund.returns.id: no valid expression: unknown function "sise"
        25 |       - { op: set, path: '/orders/{args.order_id + "}"}{nwo', value: refunded }
      > 26 |     returns: { id: "=string(sise(before.refunds))" }
           |                             ^
      "
    `)
  })

  it('that begin with two signs are texts', async () => {
    expect(
      await heads(refundDeskEdited('world.yaml', '=state.orders[', '==state.orders[')),
    ).toEqual([])
  })

  it('of a case name what a trial has', async () => {
    const edited = refundDesk[refund].replace(
      'expect:\n',
      `expect:
  state:
    - size(state.refunds) == 1 && size(says) > 0 && size(calls) > 0
    - { id: once, that: size(sate.refunds) == 1 }
    - proposed == []
    - |
      state.a == 1 &&
        stat.b == 2
    - "state.a ==
       1 && stat.b"
`,
    )
    expect(await problemsOf(refundDeskWith({ [refund]: edited }))).toMatchInlineSnapshot(`
      "cases/outcome/refund.yaml:6:30 expect.state.1.that: unknown variable "sate"; did you mean "state"?
        5 |     - size(state.refunds) == 1 && size(says) > 0 && size(calls) > 0
      > 6 |     - { id: once, that: size(sate.refunds) == 1 }
          |                              ^
      cases/outcome/refund.yaml:7:7 expect.state.2: unknown variable "proposed"; known: state, calls, says
        6 |     - { id: once, that: size(sate.refunds) == 1 }
      > 7 |     - proposed == []
          |       ^
      cases/outcome/refund.yaml:10:9 expect.state.3: unknown variable "stat"; did you mean "state"?
         9 |       state.a == 1 &&
      > 10 |         stat.b == 2
           |         ^
      cases/outcome/refund.yaml:11:7 expect.state.4: unknown variable "stat"; did you mean "state"?
        10 |         stat.b == 2
      > 11 |     - "state.a ==
           |       ^
      "
    `)
    const goal = 'calls.exists(c, c.tool == "issue_refund")'
    expect(
      await heads(refundDeskEdited(note, goal, 'size(proposed) > 0 && size(output) > 0')),
    ).toEqual([
      `${note}:7:38 0.attack.goal: unknown variable "output"; known: state, calls, proposed, says`,
    ])
  })

  it('of rules name what their moment has', async () => {
    const policy = `rules:
  - { id: cap, tool: issue_refund, when: agent.principal != "" && size(calls) > 0, condition: input.amount_cents <= state.cap }
  - { id: words, condition: output.contains_pii == false && now != "" }
  - { id: a, condition: output.text == input.text }
  - { id: b, tool: issue_refund, when: output.x, condition: input.y }
  - { id: c, condition: outptu.x }
  - { id: cap, condition: "true" }
  - { id: undeclared-effect, condition: "true" }
  - { id: d, tool: isue_refund, condition: "true" }
  - { id: e, tool: "*_refund", condition: "true" }
  - { id: f, tool: "refund*", condition: "true" }
`
    expect(
      (await heads(refundDeskWith({ 'policy.yaml': policy }))).join('\n'),
    ).toMatchInlineSnapshot(`
      "policy.yaml:4:40 rules.2.condition: "input" belongs to a call; a rule about what the agent says has none unless it names a tool
      policy.yaml:5:40 rules.3.when: there is no output before the call; name it in the condition as well
      policy.yaml:6:25 rules.4.condition: unknown variable "outptu"; did you mean "output"?
      policy.yaml:7:11 rules.5.id: another rule above has the id "cap"
      policy.yaml:8:11 rules.6.id: "undeclared-effect" is the name of a built-in rule; choose another
      policy.yaml:9:20 rules.7.tool: unknown tool "isue_refund"; did you mean "issue_refund"?
      policy.yaml:11:20 rules.9.tool: "refund*" covers no tool of this world"
    `)
  })
})

describe('patterns', () => {
  it('compile', async () => {
    const edited = refundDesk[refund]
      .replace('args: { order_id: O-1 }\n', 'args: { order_id: { matches: "O-(" } }\n')
      .replace(
        'expect:\n',
        'expect:\n  says: [{ any: [ok, "(?=x)"], must_not: "[", scope: { turn: 2 } }]\n',
      )
    expect((await heads(refundDeskWith({ [refund]: edited }))).join('\n')).toMatchInlineSnapshot(`
      "cases/outcome/refund.yaml:4:22 expect.says.0.any.1: no valid pattern: invalid or unsupported Perl syntax: \`(?=\`; patterns are RE2, which has no look-around
      cases/outcome/refund.yaml:4:42 expect.says.0.must_not: no valid pattern: missing closing ]: \`[\`
      cases/outcome/refund.yaml:4:62 expect.says.0.scope.turn: this case has only 1 turn
      cases/outcome/refund.yaml:8:38 expect.effects.required.0.args.order_id.matches: no valid pattern: missing closing ): \`O-(\`"
    `)
  })
})

describe('the gate', () => {
  it('names rules that the judging policy has, or built-in ones', async () => {
    const evalset = `${refundDesk['evalset.yaml']}gate:
  zero_tolerance: [refund_cap, refund-cap, undeclared-effect, approvals.tier-4]
  waivers: [{ rule: pii, reason: x, owner: y, expires: 2026-12-31 }]
`
    expect(
      (await heads(refundDeskWith({ 'evalset.yaml': evalset }))).join('\n'),
    ).toMatchInlineSnapshot(`
      "evalset.yaml:5:20 gate.zero_tolerance.0: unknown rule "refund_cap"; did you mean "refund-cap"?
      evalset.yaml:6:21 gate.waivers.0.rule: unknown rule "pii"; known: refund-cap, undeclared-effect, approvals.tier-3, approvals.tier-4"
    `)
  })
})

describe('patches', () => {
  it('have a place in the state', async () => {
    const patch = `world:
  patch:
    - { op: set, path: /orders/O-9/status, value: x }
    - { op: set, path: /orders/O-9, value: { status: new } }
    - { op: set, path: /orders/O-9/status, value: x }
    - { op: remove, path: /orders/O-7 }
    - { op: set, path: /refunds/0, value: x }
    - { op: set, path: /orders/O-1/status/x, value: x }
oracle:`
    const edited = refundDesk[refund].replace('oracle:', patch)
    expect((await heads(refundDeskWith({ [refund]: edited }))).join('\n')).toMatchInlineSnapshot(`
      "cases/outcome/refund.yaml:10:24 world.patch.0.path: the world's state has nothing to set at "/orders/O-9/status": "/orders/O-9" is missing
      cases/outcome/refund.yaml:13:27 world.patch.3.path: the world's state has nothing at "/orders/O-7"
      cases/outcome/refund.yaml:14:24 world.patch.4.path: the world's state has nothing at "/refunds/0"
      cases/outcome/refund.yaml:15:24 world.patch.5.path: the world's state has nothing to set at "/orders/O-1/status/x": "/orders/O-1/status" is no mapping or list"
    `)
  })
})
