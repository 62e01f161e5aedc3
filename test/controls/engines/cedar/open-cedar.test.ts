import { describe, expect, it } from 'vitest'
import { decide, open, permitAll, problemsOf, schemaFor } from './open-policy.ts'

const schema = schemaFor('amount: Long, note?: String')

async function messagesOf(policies: string, given: string = schema): Promise<readonly string[]> {
  const problems = await problemsOf({ 'p.cedar': policies, 's.cedarschema': given })
  return problems.map(({ hint, message }) =>
    hint === undefined ? message : `${message} | ${hint}`,
  )
}

describe('openCedar: policies', () => {
  it('says where a policy cannot be parsed', async () => {
    expect(await messagesOf('permit (principal, action, resource)\nwhen { x };')).toEqual([
      'p.cedar:2:8: invalid variable: x | the valid Cedar variables are `principal`, `action`, `resource`, and `context`; did you mean to enclose `x` in quotes to make a string?',
    ])
  })

  it('reports every mistake of a file, in order', async () => {
    const twoMistakes =
      'permit (principl, action, resource);\n\nforbid (principal, actn, resource);'
    const places = (await messagesOf(twoMistakes)).map((message) => message.split(': ')[0])
    expect(places).toEqual(['p.cedar:1:9', 'p.cedar:3:20'])
  })

  it('checks policies against the schema, with what Cedar thinks was meant', async () => {
    const policies = `${permitAll}
@id("typo")
forbid (principal, action == Action::"pay", resource)
when { context.args.amout > 3 };`
    expect(await messagesOf(policies)).toEqual([
      'p.cedar:5:8: for policy `typo`, attribute `args.amout` in context for Action::"pay" not found | did you mean `amount`?',
    ])
  })

  it('demands a `has` for what may be absent', async () => {
    const [message] = await messagesOf(
      'permit (principal, action == Action::"pay", resource) when { context.args.note == "x" };',
    )
    expect(message).toMatch(/p\.cedar:1:62: .*optional attribute `args\.note`.*has note/)
  })

  it('counts characters where Cedar counts bytes', async () => {
    const policies = `// Grüße 😀 an alle\r\n@id("a") permit (principal, action, resource);
/* no */`
    expect((await messagesOf(policies))[0]).toMatch(/^p\.cedar:3:1: /)
    const wrong = `@reason("Grüße 😀") permit (principal, action == Action::"😀é", resource);`
    const [message] = await messagesOf(`${permitAll}// ü 😀\n${wrong}`)
    expect(message).toMatch(/^p\.cedar:3:\d+: .*unrecognized action/)
    expect(Number(message?.split(':')[2])).toBe(wrong.indexOf('Action::') + 1)
  })

  it('refuses a template, which would decide nothing', async () => {
    expect(
      await messagesOf(`${permitAll}forbid (principal == ?principal, action, resource);`),
    ).toEqual([
      'p.cedar:2:1: this is a template, which decides nothing | write it out: templates and their links are not read',
    ])
  })

  it('refuses a file without policies, and one that is empty', async () => {
    const none = ['there is no policy, so nothing would be permitted']
    expect(await messagesOf('// only words')).toEqual(none)
    expect(await messagesOf('')).toEqual(none)
  })

  it('refuses brackets that nest so deep that they would break Cedar for good', async () => {
    const deep = `permit (principal, action, resource) when { ${'('.repeat(5_000)}true${')'.repeat(5_000)} };`
    expect(await messagesOf(`${permitAll}${deep}`)).toEqual([
      'p.cedar:2:1: brackets nest deeper than 50',
    ])
    const engine = await open({ 'p.cedar': permitAll, 's.cedarschema': schema })
    expect((await decide(engine, { args: { amount: 1 } })).decision).toBe('allow')
  })

  it('is not misled by semicolons and slashes in texts and comments', async () => {
    const policies = `// a; @id("no") permit (principal, action, resource);
@id("a;//") permit (principal, action, resource);`
    expect((await messagesOf(policies))[0]).toMatch(
      /^p\.cedar:2:1: @id\("a;\/\/"\) is no id of a rule/,
    )
    const engine = await open({
      'p.cedar': `${permitAll}@id("b") forbid (principal, action, resource)
        when { principal.principal == "x;\\"//" }; // forbid (principal, action, resource);`,
      's.cedarschema': schema,
    })
    const said = await decide(engine, { args: { amount: 1 } })
    expect(said).toMatchObject({ decision: 'allow', rules: [{ id: 'all' }] })
  })
})

describe('openCedar: ids and annotations', () => {
  it('names both places of an id that stands twice, also in two files', async () => {
    const files = {
      'a.cedar': `\n${permitAll}`,
      'b.cedar': `${permitAll}@id("all") forbid (principal, action, resource);`,
      's.cedarschema': schema,
    }
    const hint = 'give each policy an @id of its own'
    expect(await problemsOf(files, { policies: ['a.cedar', 'b.cedar'] })).toEqual([
      {
        path: ['policies', 1],
        message: 'b.cedar:1:1: a policy called "all" stands at a.cedar:2:1 already',
        hint,
      },
      {
        path: ['policies', 1],
        message: 'b.cedar:2:1: a policy called "all" stands at a.cedar:2:1 already',
        hint,
      },
    ])
  })

  it('calls a policy without an id after its place', async () => {
    const permit = 'permit (principal, action, resource);'
    const engine = await open(
      { 'deep/a b.cedar': `\n  ${permit} ${permit}\n${permit}`, 's.cedarschema': schema },
      { policies: 'deep/a b.cedar' },
    )
    const said = await decide(engine, { args: { amount: 1 } })
    expect(said.rules.map(({ id }) => id)).toEqual([
      'deep-a-b.cedar:2',
      'deep-a-b.cedar:2:41',
      'deep-a-b.cedar:3',
    ])
  })

  it('decides by the policies of all files', async () => {
    const engine = await open(
      {
        'a.cedar': permitAll,
        'b.cedar':
          '@id("big") forbid (principal, action == Action::"pay", resource) when { context.args.amount > 5 };',
        's.cedarschema': schema,
      },
      { policies: ['a.cedar', 'b.cedar'] },
    )
    expect((await decide(engine, { args: { amount: 5 } })).decision).toBe('allow')
    expect(await decide(engine, { args: { amount: 6 } })).toMatchObject({
      decision: 'deny',
      rules: [{ id: 'big', reason: 'a policy forbids this' }],
    })
  })

  it.each([
    ['@id("has spaces") permit', /@id\("has spaces"\) is no id of a rule/],
    ['@id permit', /@id\(""\) is no id of a rule/],
    [
      '@severity("huge") permit',
      /@severity\("huge"\) is unknown \| one of low, medium, high, critical/,
    ],
    ['@on_fail("escalate") permit', /@on_fail stands on a permit/],
    ['@on_fail("esclate") forbid', /@on_fail\("esclate"\) is unknown \| did you mean "escalate"\?/],
    [
      '@on_fail("observe") forbid',
      /is unknown \| one of deny, escalate_to_human, escalate, block_and_alert, fallback/,
    ],
    ['@on_fail forbid', /@on_fail\(""\) is unknown/],
    ['@id("a") @id("b") permit', /duplicate annotation: @id/],
  ])('refuses %s', async (head, message) => {
    expect(await messagesOf(`${permitAll}${head} (principal, action, resource);`)).toEqual([
      expect.stringMatching(message) as string,
    ])
  })
})

describe('openCedar: files', () => {
  it('names files that are not there, or are no text', async () => {
    const problems = await problemsOf(
      { 'b.cedar': new Uint8Array([0x70, 0xff]) },
      { policies: ['a.cedar', 'b.cedar'], schema: 'none.cedarschema', entities: 'none.json' },
    )
    expect(problems).toEqual([
      { path: ['policies', 0], message: 'there is no file a.cedar' },
      { path: ['policies', 1], message: 'b.cedar is not a text in UTF-8' },
      { path: ['schema'], message: 'there is no file none.cedarschema' },
      { path: ['entities'], message: 'there is no file none.json' },
    ])
  })

  it('reads files that begin with a byte order mark', async () => {
    const engine = await open({
      'p.cedar': `\ufeff${permitAll}`,
      's.cedarschema': `\ufeff${schema}`,
    })
    expect((await decide(engine, { tool: 'look' })).decision).toBe('allow')
  })

  it('says where a schema is wrong, together with what is wrong in policies', async () => {
    const messages = await messagesOf(
      'permit (principl, action, resource);',
      `entity Ä;\nentity Agent { a: Lng };`,
    )
    expect(messages).toHaveLength(2)
    expect(messages[0]).toMatch(/^p\.cedar:1:9: /)
    expect(messages[1]).toMatch(/^s\.cedarschema:1:8: /)
    expect(await messagesOf(permitAll, 'entity Agent;\nentity Tool { a: Lng };')).toEqual([
      's.cedarschema:2:18: failed to resolve type: Lng | `Lng` has not been declared as a common or entity type',
    ])
  })

  it('refuses attributes that Cedar would take for entities and extension values', async () => {
    for (const name of ['__entity', '__extn', '__expr']) {
      const hidden = schemaFor(`a?: Set<{ "${name}"?: String }>`)
      expect(await messagesOf(permitAll, hidden)).toEqual([
        `s.cedarschema: Action::"pay" has an attribute ${name}, which Cedar takes for something else`,
      ])
    }
  })

  it('checks the file of entities against the schema', async () => {
    const files = { 'p.cedar': permitAll, 's.cedarschema': schema }
    const problemsWith = async (entities: string): Promise<unknown> =>
      problemsOf({ ...files, 'e.json': entities }, { entities: 'e.json' })
    expect(await problemsWith('[]')).toEqual([])
    expect(await problemsWith('[{]')).toEqual([
      { path: ['entities'], message: expect.stringMatching(/^e\.json: SyntaxError/) as string },
    ])
    for (const wrong of [
      '{}',
      '7',
      '[{ "uid": { "type": "Nobody", "id": "1" }, "attrs": {}, "parents": [] }]',
      '[{ "uid": { "type": "Tool", "id": "1" }, "attrs": { "tier": "x" }, "parents": [] }]',
      '[{ "uid": { "type": "Tool", "id": "1" }, "attrs": { "owner": 1 }, "parents": [] }]',
    ]) {
      expect(await problemsWith(wrong)).toEqual([
        { path: ['entities'], message: expect.stringMatching(/^e\.json: /) as string },
      ])
    }
  })
})

describe('openCedar: settings', () => {
  const files = { 'p.cedar': permitAll, 's.cedarschema': schemaFor('', 'entity Order;') }

  it('needs an entity type for the agent, in the namespace', async () => {
    const inside = { 'p.cedar': permitAll, 's.cedarschema': 'namespace Support { entity Agent; }' }
    expect(await problemsOf(inside)).toEqual([
      {
        path: ['schema'],
        message: 's.cedarschema declares no entity type Agent, which is who acts',
        hint: 'set `namespace: Support`',
      },
    ])
    expect(await problemsOf(inside, { namespace: 'Suport' })).toMatchObject([
      { path: ['namespace'], hint: 'set `namespace: Support`' },
    ])
    expect(await problemsOf(files, { namespace: 'Support' })).toMatchObject([
      { path: ['namespace'], hint: 'leave `namespace` out' },
    ])
    expect(await problemsOf({ ...files, 's.cedarschema': 'entity User;' })).toMatchObject([
      { path: ['schema'], hint: 'declare `entity Agent;`' },
    ])
  })

  it.each([
    [{ refund: { type: 'Order', id: 'input.id' } }, ['resources', 'refund'], /no action "refund"/],
    [
      { pay: { type: 'Oder', id: 'input.id' } },
      ['resources', 'pay', 'type'],
      /no entity type Oder/,
    ],
    [
      { pay: { type: 'Order', id: 'input.id' } },
      ['resources', 'pay', 'type'],
      /is done to Tool, not to a Order/,
    ],
    [{ pay: { type: 'Tool', id: 'input.' } }, ['resources', 'pay', 'id'], /in input\.$/],
    [
      { pay: { type: 'Tool', id: 'state.id' } },
      ['resources', 'pay', 'id'],
      /no variable "state" here/,
    ],
  ])('checks resources: %j', async (resources, path, message) => {
    expect(await problemsOf(files, { resources })).toEqual([
      expect.objectContaining({ path, message: expect.stringMatching(message) as string }),
    ])
  })

  it.each([
    [{ type: 'Oder', from: 'state.orders' }, 'type', /no entity type Oder/],
    [{ type: 'Order', from: 'state.[' }, 'from', /in state\.\[$/],
    [{ type: 'Order', from: 'input.orders' }, 'from', /no variable "input" here/],
  ])('checks records of the world: %j', async (one, key, message) => {
    expect(await problemsOf(files, { world: [one] })).toEqual([
      expect.objectContaining({
        path: ['world', 0, key],
        message: expect.stringMatching(message) as string,
      }),
    ])
  })
})

describe('the version', () => {
  const files = {
    'p.cedar': permitAll,
    's.cedarschema': schemaFor('', 'entity Order;'),
    'e.json': '[]',
  }

  it('is that of the content: policies, schema, entities, settings', async () => {
    const { version } = await open(files)
    expect((await open(files)).version).toBe(version)
    const others = await Promise.all([
      open({ ...files, 'p.cedar': `${permitAll} ` }),
      open({ ...files, 's.cedarschema': `${files['s.cedarschema']} ` }),
      open(files, { entities: 'e.json' }),
      open({ ...files, 'e.json': '[ ]' }, { entities: 'e.json' }),
      open(files, { world: [{ type: 'Order', from: 'state.orders' }] }),
    ])
    expect(new Set([version, ...others.map((other) => other.version)]).size).toBe(6)
  })

  it('two engines of one process keep to their own policies', async () => {
    const strict = await open({
      ...files,
      'p.cedar': '@id("no") forbid (principal, action, resource);',
    })
    const loose = await open(files)
    expect((await decide(strict, { tool: 'look' })).decision).toBe('deny')
    expect((await decide(loose, { tool: 'look' })).decision).toBe('allow')
    expect((await decide(strict, { tool: 'look' })).decision).toBe('deny')
  })
})
