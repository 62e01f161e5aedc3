import { describe, expect, it } from 'vitest'
import type { Folder } from '../../src/ports.ts'
import { problemsOf, refundDesk, refundDeskEdited, refundDeskWith } from './memory-folder.ts'

const refund = 'cases/outcome/refund.yaml'
const note = 'cases/adversarial/note.yaml'

/** The first lines of what is said, without code frames. */
async function heads(folder: Folder, today?: string): Promise<readonly string[]> {
  const told = await problemsOf(folder, today)
  return told.split('\n').filter((line) => /^\S+\.(yaml|jsonl):/.test(line))
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
      cases/adversarial/note.yaml:6:43 0.attack.inject.template: unknown template "plane"; known: direct-order, fake-system, important-message, tool-knowledge, encoded-base64, encoded-homoglyph, encoded-zero-width, multi-step, url-exfiltration, endless-work, plain
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

describe('a solution', () => {
  it('that is as good is checked like the first one', async () => {
    const more = `equivalents:
  - [{ call: reed_order }, { say: "{$2.id}" }]
  - [{ call: read_order, args: { order_id: $1.id } }]
oracle:`
    const edited = refundDesk[refund].replace('oracle:', more)
    expect(await heads(refundDeskWith({ [refund]: edited }))).toEqual([
      `${refund}:9:14 equivalents.0.0.call: unknown tool "reed_order"; did you mean "read_order"?`,
      `${refund}:9:36 equivalents.0.1.say: "{$2.id}" means the result of call 2, but only 1 call comes before it`,
      `${refund}:10:44 equivalents.1.0.args.order_id: "$1.id" means the result of call 1, but no call comes before it`,
    ])
  })

  it('may be missing: such a case is a draft', async () => {
    const [text = ''] = refundDesk[refund].split('oracle:')
    expect(await heads(refundDeskWith({ [refund]: text }))).toEqual([])
    expect(await heads(refundDeskWith({ [refund]: `${text}status: active\n` }))).toEqual([
      `${refund}:8:9 status: a case without an oracle is a draft: nobody has shown that it can be solved`,
    ])
  })
})

describe('slots', () => {
  const slots = `slots:
  answer: { tool: read_order, field: /note }
  nowhere: { tool: reed_order }
  opening: { turn: 1 }
  reply: { turn: 2 }
`
  const attacked = (slot: string): Readonly<Record<string, string>> => ({
    'injections.yaml': slots.replace('reed_order', 'issue_refund'),
    [note]: refundDesk[note].replace(
      'slot: order-note, template: plain',
      `slot: ${slot}, template: direct-order`,
    ),
  })

  it('in answers belong to tools that there are', async () => {
    expect(
      await problemsOf(refundDeskWith({ ...attacked('answer'), 'injections.yaml': slots })),
    ).toMatchInlineSnapshot(`
      "injections.yaml:3:20 slots.nowhere.tool: unknown tool "reed_order"; did you mean "read_order"?
        2 |   answer: { tool: read_order, field: /note }
      > 3 |   nowhere: { tool: reed_order }
          |                    ^
      "
    `)
    expect(await heads(refundDeskWith(attacked('answer')))).toEqual([])
  })

  it('in messages belong to turns that the case has', async () => {
    expect(await heads(refundDeskWith(attacked('opening')))).toEqual([])
    const told = `${note}:6:21 0.attack.inject.slot: the slot is turn 2, but this case has only 1 turn`
    expect(await heads(refundDeskWith(attacked('reply')))).toEqual([told])
    const talk = (text: string): Readonly<Record<string, string>> => {
      const files = attacked('reply')
      const ask = 'ask: What is the status of O-1?'
      return { ...files, [note]: (files[note] ?? '').replace(ask, text) }
    }
    expect(
      await heads(refundDeskWith(talk('conversation: [{ say: Hello. }, { say: "O-1?" }]'))),
    ).toEqual([])
    expect(
      await heads(refundDeskWith(talk('user: { opening: Hello., goal: know about O-1 }'))),
    ).toEqual([told])
  })
})

describe('words', () => {
  const told = (says: string): Promise<readonly string[]> =>
    heads(
      refundDeskWith({
        [refund]: refundDesk[refund].replace('expect:\n', `expect:\n  says: ${says}\n`),
      }),
    )

  it('are bound to what was done and cite what was read', async () => {
    expect(
      await told(
        '[{ bind: { tool: issue_refund, value: args.amount } }, { cites: { tool: read_order, value: result.note } }]',
      ),
    ).toEqual([])
    expect(await told('[{ bind: { tool: read_order, value: args.x } }]')).toEqual([
      `${refund}:4:26 expect.says.0.bind.tool: "read_order" only reads, so there is no effect to tell of; write \`cites\` for a value that was looked up`,
    ])
    expect(await told('[{ cites: { tool: issue_refund, value: args.x } }]')).toEqual([
      `${refund}:4:27 expect.says.0.cites.tool: "issue_refund" is no read; write \`bind\` for a value of something that was done`,
    ])
  })

  it('name tools that there are, with patterns that compile', async () => {
    expect(
      await told('[{ bind: { tool: isue_refund, value: args.x, args: { a: { matches: "(" } } } }]'),
    ).toEqual([
      `${refund}:4:26 expect.says.0.bind.tool: unknown tool "isue_refund"; did you mean "issue_refund"?`,
      `${refund}:4:76 expect.says.0.bind.args.a.matches: no valid pattern: missing closing ): \`(\``,
    ])
  })
})

describe('faults', () => {
  const told = (fault: string): Promise<readonly string[]> =>
    heads(
      refundDeskWith({
        [refund]: refundDesk[refund].replace('oracle:', `world: { faults: [${fault}] }\noracle:`),
      }),
    )

  it.each(['timeout_before', 'timeout_after', 'error', 'truncate', 'empty'])(
    'of kind %s may hit every tool',
    async (kind) => {
      expect(
        await told(`{ tool: issue_refund, fault: ${kind} }, { tool: read_order, fault: ${kind} }`),
      ).toEqual([])
    },
  )

  it('of old answers hit only reads', async () => {
    expect(await told('{ tool: read_order, fault: stale }')).toEqual([])
    expect(await told('{ tool: issue_refund, fault: stale }')).toEqual([
      `${refund}:8:48 world.faults.0.fault: only a read has an old answer, and "issue_refund" is none`,
    ])
  })

  it('name tools that there are, with patterns that compile', async () => {
    expect(await told('{ tool: reed_order, fault: error, args: { a: { matches: "(" } } }')).toEqual(
      [
        `${refund}:8:27 world.faults.0.tool: unknown tool "reed_order"; did you mean "read_order"?`,
        `${refund}:8:75 world.faults.0.args.a.matches: no valid pattern: missing closing ): \`(\``,
      ],
    )
  })
})

describe('an input', () => {
  const schema = `task:
  input: { type: object, required: [ticket], additionalProperties: false, properties: { ticket: { type: string }, items: { type: array, items: { type: object, properties: { sku: { type: string }, "a.b": { type: number } } } } } }
`
  const told = (input: string, task = schema): Promise<readonly string[]> =>
    heads(
      refundDeskWith({
        'evalset.yaml': `${refundDesk['evalset.yaml']}${task}`,
        [refund]: refundDesk[refund].replace('expect:\n', `input: ${input}\nexpect:\n`),
      }),
    )

  it('has the form that the eval set says', async () => {
    expect(await told('{ ticket: T-1, items: [{ sku: MUG }] }')).toEqual([])
    expect(await told('{ ticket: 3, items: [{}, { sku: 1, a.b: x }], more: 1 }')).toEqual([
      `${refund}:3:18 input.ticket: ticket: must be string`,
      `${refund}:3:40 input.items.1.sku: items[1].sku: must be string`,
      `${refund}:3:48 input.items.1.a.b: items[1].a.b: must be number`,
      `${refund}:3:60 input.more: more: is not a known property`,
    ])
    expect(await told('{ items: 3 }')).toEqual([
      `${refund}:3:8 input: ticket: is required`,
      `${refund}:3:17 input.items: items: must be array`,
    ])
  })

  it('needs an eval set that says so', async () => {
    expect(await told('{ ticket: T-1 }', '')).toEqual([
      `${refund}:3:1 input: the eval set does not say what an input looks like; write its JSON Schema into evalset.yaml under \`task: { input: … }\``,
    ])
  })

  it('is not checked by a schema that does not compile', async () => {
    expect(await told('{ ticket: 3 }', 'task: { input: { type: strin } }\n')).toEqual([
      'evalset.yaml:4:16 task.input: no valid JSON Schema: type must be JSONType or JSONType[]: strin',
    ])
  })
})

describe('labels', () => {
  const withKeys = (keys: string, today?: string): Promise<readonly string[]> => {
    const text = refundDesk[refund].replace('oracle:', `${keys}\noracle:`)
    return heads(refundDeskWith({ [refund]: text }), today)
  }

  it('name another case as the permitted twin', async () => {
    expect(await withKeys('permitted_twin: note.refund-all')).toEqual([])
    expect(await withKeys('permitted_twin: note.refund-al')).toEqual([
      `${refund}:8:17 permitted_twin: unknown case "note.refund-al"; did you mean "note.refund-all"?`,
    ])
    expect(await withKeys('permitted_twin: refund.full')).toEqual([
      `${refund}:8:17 permitted_twin: a case cannot be its own twin`,
    ])
  })

  it('are not held against cases that could not be read', async () => {
    const text = refundDesk[refund].replace('oracle:', 'permitted_twin: note.refund-all\noracle:')
    expect(
      await heads(refundDeskWith({ [refund]: text, [note]: 'id: note.refund-all\nask: x\n' })),
    ).toEqual([`${note}:1:1 expect: missing key "expect"; expected a mapping`])
  })

  it('accept a mutant once', async () => {
    expect(
      await withKeys(
        'accept_mutants: [{ mutant: drop.1, reason: x }, { mutant: drop.2, reason: y }, { mutant: drop.1, reason: z }]',
      ),
    ).toEqual([`${refund}:8:90 accept_mutants.2.mutant: "drop.1" is accepted above already`])
  })

  it('quarantine through the last day', async () => {
    const status = 'status: { quarantined: { reason: flaky, owner: kim, expires: 2026-10-01 } }'
    expect(await withKeys(status)).toEqual([])
    expect(await withKeys(status, '2026-10-01')).toEqual([])
    expect(await withKeys(status, '2026-10-02')).toEqual([
      `${refund}:8:62 status.quarantined.expires: quarantine expired on 2026-10-01: "flaky", owned by "kim"; mend the case, delete it, or decide on a new date`,
    ])
  })
})

describe('weights', () => {
  it('are of strata that cases have', async () => {
    const evalset = `${refundDesk['evalset.yaml']}weights: { language: { en: 3, de: 1 }, langauge: { en: 1 } }\n`
    const text = refundDesk[refund].replace(
      'oracle:',
      'strata: { language: en, channel: mail }\noracle:',
    )
    const told = await heads(refundDeskWith({ 'evalset.yaml': evalset, [refund]: text }))
    expect(told).toEqual([
      'evalset.yaml:4:31 weights.language.de: unknown value of language "de"; known: en',
      'evalset.yaml:4:40 weights.langauge: unknown stratum "langauge"; did you mean "language"?',
    ])
  })
})

describe('rows of a template', () => {
  it('share the problems that they have in common', async () => {
    const text = `id: t
foreach: { a: { n: 1, tool: read_order }, b: { n: 2, tool: isue_refund }, c: { n: 3, tool: read_order } }
ask: "{{n}}"
expect: { calls: [{ tool: "{{tool}}" }], state: ["sise(state) == {{n}}", "stat.x", "state.x == {{n}} && stat"] }
oracle: [{ call: reed_order }, { say: "{$2}" }]
`
    const told = await problemsOf(
      refundDeskWith({ 'cases/outcome/t.yaml': text.replace('"{{n}}"', '"no. {{n}}"') }),
    )
    expect(told).toMatchInlineSnapshot(`
      "cases/outcome/t.yaml:4:27 expect.calls.0.tool: unknown tool "isue_refund"; did you mean "issue_refund"? (row "b")
        3 | ask: "no. {{n}}"
      > 4 | expect: { calls: [{ tool: "{{tool}}" }], state: ["sise(state) == {{n}}", "stat.x", "state.x == {{n}}…
          |                           ^
      cases/outcome/t.yaml:4:50 expect.state.0: no valid expression: unknown function "sise" (rows "a", "b", "c")
        3 | ask: "no. {{n}}"
      > 4 | expect: { calls: [{ tool: "{{tool}}" }], state: ["sise(state) == {{n}}", "stat.x", "state.x == {{n}}…
          |                                                  ^
      cases/outcome/t.yaml:4:75 expect.state.1: unknown variable "stat"; did you mean "state"? (rows "a", "b", "c")
        3 | ask: "no. {{n}}"
      > 4 | expect: { calls: [{ tool: "{{tool}}" }], state: ["sise(state) == {{n}}", "stat.x", "state.x == {{n}}…
          |                                                                           ^
      cases/outcome/t.yaml:4:84 expect.state.2: unknown variable "stat"; did you mean "state"? (rows "a", "b", "c")
      > 4 | …}}" }], state: ["sise(state) == {{n}}", "stat.x", "state.x == {{n}} && stat"] }
          |                                                    ^
      cases/outcome/t.yaml:5:18 oracle.0.call: unknown tool "reed_order"; did you mean "read_order"? (rows "a", "b", "c")
        4 | expect: { calls: [{ tool: "{{tool}}" }], state: ["sise(state) == {{n}}", "stat.x", "state.x == {{n}}
      > 5 | oracle: [{ call: reed_order }, { say: "{$2}" }]
          |                  ^
      cases/outcome/t.yaml:5:40 oracle.1.say: "{$2}" means the result of call 2, but only 1 call comes before it (rows "a", "b", "c")
        4 | expect: { calls: [{ tool: "{{tool}}" }], state: ["sise(state) == {{n}}", "stat.x", "state.x == {{n}}
      > 5 | oracle: [{ call: reed_order }, { say: "{$2}" }]
          |                                        ^
      "
    `)
  })

  it('have ids of their own', async () => {
    const row = 'foreach: { full: { a: x } }\nask: "{{a}} y"\n'
    const text = refundDesk[refund]
      .replace('id: refund.full', 'id: refund')
      .replace(/ask: .*\n/, row)
    const byHand = refundDesk[refund].replace('refund.full', 'refund[full]')
    expect(
      await heads(refundDeskWith({ 'cases/outcome/t.yaml': text, 'cases/outcome/u.yaml': byHand })),
    ).toEqual([
      'cases/outcome/u.yaml:1:5 id: cases/outcome/t.yaml:2 has the id "refund[full]" already',
    ])
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

describe('patterns of the user', () => {
  it('compile', async () => {
    const talk = (text: string): string =>
      refundDesk[refund].replace('ask: Please refund order O-1.', text)
    expect(
      await heads(
        refundDeskWith({
          [refund]: talk('conversation: [{ say: x }, { say: y, when: "(?=x)" }]'),
        }),
      ),
    ).toEqual([
      `${refund}:2:44 conversation.1.when: no valid pattern: invalid or unsupported Perl syntax: \`(?=\`; patterns are RE2, which has no look-around`,
    ])
    expect(
      await heads(
        refundDeskWith({ [refund]: talk('user: { opening: x, goal: y, must_not: [ok, "["] }') }),
      ),
    ).toEqual([`${refund}:2:45 user.must_not.1: no valid pattern: missing closing ]: \`[\``])
  })

  it('leave a simulated user as many turns as it has messages', async () => {
    const talk = (turn: number): string =>
      refundDesk[refund]
        .replace('ask: Please refund order O-1.', 'user: { opening: x, goal: y, max_turns: 4 }')
        .replace('expect:\n', `expect:\n  says: [{ any: x, scope: { turn: ${turn} } }]\n`)
    expect(await heads(refundDeskWith({ [refund]: talk(4) }))).toEqual([])
    expect(await heads(refundDeskWith({ [refund]: talk(5) }))).toEqual([
      `${refund}:4:35 expect.says.0.scope.turn: this case has only 4 turns`,
    ])
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
      evalset.yaml:6:21 gate.waivers.0.rule: unknown rule "pii""
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
      "cases/outcome/refund.yaml:10:24 world.patch.0.path: set /orders/O-9/status: there is nothing at /orders/O-9
      cases/outcome/refund.yaml:13:27 world.patch.3.path: remove /orders/O-7: there is nothing to remove
      cases/outcome/refund.yaml:14:24 world.patch.4.path: set /refunds/0: the list of 0 has no place "0"
      cases/outcome/refund.yaml:15:24 world.patch.5.path: set /orders/O-1/status/x: only objects and lists have members"
    `)
  })
})
