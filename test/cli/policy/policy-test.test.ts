import { describe, expect, it } from 'vitest'
import { policyTestResult } from '../../../src/schema/policy-test.ts'
import { type CliResult, folderWith, runCli } from '../run-cli.ts'
import { anAgent, cedarSchema, onlyOrder, projectWith } from './refund-set.ts'

const file = 'set/policy-tests/refunds.policy-test.yaml'

const rules = [
  onlyOrder('O-1', 'escalate_to_human'),
  `{ id: broken, tool: orders.get, when: "input.id == 'O-2'", condition: "input.nothing > 1" }`,
  '{ id: pii_redaction, condition: "output.contains_pii == false", on_fail: block_and_alert }',
]

function tests(lines: readonly string[], head = 'candidate: ../agents/good.yaml'): string {
  return `apiVersion: agent-eval/v1\nkind: PolicyTest\n${head}\ntests:\n${lines.map((line) => `  - ${line}\n`).join('')}`
}

function ask(
  lines: readonly string[],
  {
    argv = [],
    files = {},
    head,
  }: { argv?: readonly string[]; files?: Record<string, string>; head?: string } = {},
): Promise<CliResult> {
  const cwd = folderWith(projectWith(anAgent(rules), { [file]: tests(lines, head), ...files }))
  return runCli(['policy', 'test', ...argv], { cwd })
}

describe('policy test', () => {
  it('exits 0 where all examples are decided as expected', async () => {
    const { exitCode, stderr, stdout } = await ask([
      '{ name: own, tool: orders.refund, args: { id: O-1 }, expect: allow }',
      '{ name: other, tool: orders.refund, args: { id: O-2 }, expect: escalate }',
      '{ name: broken, tool: orders.get, args: { id: O-2 }, expect: error }',
      '{ name: uncovered, tool: orders.get, args: { id: O-1 }, expect: allow }',
      '{ name: mail, reply: "write to ana@example.com", expect: { decision: deny, rule: pii_redaction, alert: true, engine: cel } }',
      '{ name: kind words, reply: "Thank you.", expect: { decision: allow, alert: false } }',
    ])
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout).toBe('all 6 policy tests as expected\n')
  })

  it('exits 1 where one is not, says what every engine said and why, and where the test stands', async () => {
    const { exitCode, stdout } = await ask([
      '{ name: a refund of another order, tool: orders.refund, args: { id: O-2 }, expect: deny }',
      '{ name: own, tool: orders.refund, args: { id: O-1 }, expect: allow }',
    ])
    expect(exitCode).toBe(1)
    expect(stdout).toMatchInlineSnapshot(`
      "DIFFERS  a refund of another order
        set/policy-tests/refunds.policy-test.yaml:5
        asked     orders.refund {"id":"O-2"}
        expected  deny
        got       escalate, and not deny
                  escalate by CEL: own_order: input.id == 'O-1' does not hold

      1 of 2 policy tests as expected; 1 differs
      "
    `)
  })

  it('takes no error for a denial, and no denial for an error', async () => {
    const { exitCode, stdout } = await ask([
      '{ name: one, tool: orders.get, args: { id: O-2 }, expect: deny }',
      '{ name: two, reply: "write to ana@example.com", expect: error }',
    ])
    expect(exitCode).toBe(1)
    expect(stdout).toContain('error, and not deny')
    expect(stdout).toContain('deny, and not error')
    expect(stdout).toContain('broken could not decide, which denies')
    expect(stdout).toContain('0 of 2 policy tests as expected; 2 differ')
  })

  it('looks at who says so, and whether somebody is told', async () => {
    const mail = 'reply: "write to ana@example.com"'
    const { stdout } = await ask([
      `{ name: rule, ${mail}, expect: { decision: deny, rule: other_rule } }`,
      `{ name: engine, ${mail}, expect: { decision: deny, engine: cedar } }`,
      `{ name: alert, ${mail}, expect: { decision: deny, alert: false } }`,
    ])
    expect(stdout).toContain('rule "other_rule" does not say so')
    expect(stdout).toContain('engine "cedar" does not say so')
    expect(stdout).toContain('somebody is told of it')
  })

  it('shows all of them in a table with --verbose', async () => {
    const { stdout } = await ask(
      [
        '{ name: own, tool: orders.refund, args: { id: O-1 }, expect: allow }',
        '{ name: uncovered, tool: orders.get, args: { id: O-1 }, expect: allow }',
      ],
      { argv: ['-v'] },
    )
    expect(stdout).toMatch(/ok +own +allow +CEL own_order/)
    expect(stdout).toMatch(/ok +uncovered +allow +no rule covers it/)
  })

  it('gives the document with --json', async () => {
    const { stdout } = await ask(['{ name: mail, reply: "ana@example.com", expect: deny }'], {
      argv: ['--json'],
    })
    const { tests: decided } = policyTestResult.parse(JSON.parse(stdout))
    expect(decided).toMatchObject([
      {
        name: 'mail',
        file,
        line: 5,
        stage: 'reply',
        subject: 'ana@example.com',
        expected: { decision: 'deny' },
        decided: 'deny',
        differs: [],
        said: [{ source: 'policy', engine: 'cel', alert: true, rules: [{ id: 'pii_redaction' }] }],
      },
    ])
  })
})

describe('what a test can set', () => {
  it('earlier calls, their time and the time of the question', async () => {
    const agent = anAgent([
      '{ id: one_an_hour, tool: orders.refund, at_most: { count: 1, within: hour } }',
    ])
    const before = (at: string): string =>
      `calls: [{ tool: orders.refund, args: { id: O-1 }, result: { ok: true }, at: "${at}" }]`
    const base = 'tool: orders.refund, args: { id: O-1 }'
    const now = 'now: "2026-09-14T12:00:00Z"'
    const { exitCode, stdout } = await ask(
      [
        `{ name: first, ${base}, expect: allow }`,
        `{ name: right after, ${base}, ${now}, ${before('2026-09-14T11:30:00Z')}, expect: deny }`,
        `{ name: later, ${base}, ${now}, ${before('2026-09-14T10:30:00Z')}, expect: allow }`,
        `{ name: at once, ${base}, calls: [{ tool: orders.refund, args: { id: O-2 } }], expect: deny }`,
      ],
      { files: { 'set/agents/good.yaml': agent } },
    )
    expect([exitCode, stdout]).toEqual([0, 'all 4 policy tests as expected\n'])
  })

  it('who acts: scopes, tenant and expiry over the identity of the candidate', async () => {
    const agent = anAgent([], '  identity: { scopes: [payments] }\n')
    const world = projectWith(agent)['set/world.yaml'] ?? ''
    const scoped = world.replace('    risk_tier: 2\n', '    risk_tier: 2\n    scope: payments\n')
    const base = 'tool: orders.refund, args: { id: O-1 }'
    const { exitCode, stdout } = await ask(
      [
        `{ name: granted, ${base}, expect: allow }`,
        `{ name: lacking, ${base}, agent: { scopes: [] }, expect: { decision: deny, rule: identity.scope } }`,
        `{ name: expired, ${base}, agent: { expires: "2026-01-01T00:00:00Z" }, expect: { decision: deny, rule: identity.expired } }`,
      ],
      { files: { 'set/agents/good.yaml': agent, 'set/world.yaml': scoped } },
    )
    expect([exitCode, stdout]).toEqual([0, 'all 3 policy tests as expected\n'])
  })

  it('results, log lines, and the form in which something must pass', async () => {
    const agent = anAgent([
      '{ id: clean, tool: orders.get, condition: "output.contains_pii == false", sees: [result], on_fail: redact }',
      '{ id: clean_log, condition: "output.contains_pii == false", sees: [log] }',
    ])
    const got = 'tool: orders.get, args: { id: O-2 }, result: { note: "mail ana@example.com" }'
    const { stdout } = await ask(
      [
        `{ name: result, ${got}, expect: modify, modified: { note: other } }`,
        '{ name: log, log: "mail ana@example.com", expect: deny }',
        '{ name: the call itself, tool: orders.get, args: { id: O-2 }, expect: allow }',
      ],
      { files: { 'set/agents/good.yaml': agent } },
    )
    expect(stdout).toContain('asked     what orders.get returns: {"note":"mail ana@example.com"}')
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /it passes as \{"note":"mail .*"\}, and not as \{"note":"other"\}/,
    )
    expect(stdout).toContain('2 of 3 policy tests as expected; 1 differs')
  })

  it('the state that the judging policy sees, with `judging: true`', async () => {
    const { exitCode, stdout } = await ask(
      [
        '{ name: own, tool: orders.refund, args: { id: O-1 }, expect: { decision: allow, rule: own-orders } }',
        '{ name: other, tool: orders.refund, args: { id: O-2 }, expect: { decision: deny, rule: own-orders } }',
        '{ name: theirs by now, tool: orders.refund, args: { id: O-2 }, state: [{ op: set, path: /orders/O-2/owner, value: C-1 }], expect: allow }',
      ],
      { head: 'judging: true' },
    )
    expect([exitCode, stdout]).toEqual([0, 'all 3 policy tests as expected\n'])
  })
})

describe('which files and whose policy', () => {
  const own = '{ name: own, tool: orders.refund, args: { id: O-1 }, expect: allow }'

  it('asks another candidate with --candidate', async () => {
    const strict = anAgent([onlyOrder('O-9')])
    const { exitCode, stdout } = await ask([own], {
      argv: ['--candidate', 'set/agents/strict.yaml'],
      files: { 'set/agents/strict.yaml': strict },
    })
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('deny, and not allow')])
  })

  it("asks the eval set's own candidate where the file names none", async () => {
    expect((await ask([own], { head: '' })).exitCode).toBe(0)
  })

  it('takes files and folders that are named, also outside of the eval set', async () => {
    const files = {
      'elsewhere/a.policy-test.yaml': tests([own], ''),
      'elsewhere/b.yaml': tests(
        ['{ name: other, tool: orders.refund, args: { id: O-2 }, expect: deny }'],
        '',
      ),
    }
    const folder = await ask([own], { argv: ['elsewhere'], files })
    expect([folder.exitCode, folder.stdout]).toEqual([0, '1 policy test as expected\n'])
    const named = await ask([own], { argv: ['elsewhere/b.yaml', file], files })
    expect([named.exitCode, named.stdout]).toEqual([
      1,
      expect.stringContaining('1 of 2 policy tests'),
    ])
  })

  it('says where tests go where there are none', async () => {
    const cwd = folderWith(projectWith(anAgent([])))
    const { exitCode, stderr } = await runCli(['policy', 'test'], { cwd })
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('.policy-test.yaml')])
  })
})

describe('several engines in one candidate', () => {
  const agent = anAgent(
    [onlyOrder('O-1', 'escalate_to_human')],
    `    cedar:
      policies: refunds.cedar
      schema: refunds.cedarschema
`,
  )
  const files = {
    'set/agents/good.yaml': agent,
    'set/agents/refunds.cedarschema': cedarSchema,
    'set/agents/refunds.cedar': `
      @id("all") permit (principal, action, resource);
      @id("not_O2") forbid (principal, action == Action::"orders.refund", resource)
      when { context.args.id == "O-2" };
    `,
  }

  it('the strictest decides, and each is shown', async () => {
    const { exitCode, stdout } = await ask(
      [
        '{ name: own, tool: orders.refund, args: { id: O-1 }, expect: { decision: allow, engine: cedar } }',
        '{ name: other, tool: orders.refund, args: { id: O-2 }, expect: { decision: deny, engine: cedar, rule: not_O2 } }',
        '{ name: wrong, tool: orders.refund, args: { id: O-2 }, expect: { decision: deny, engine: cel } }',
      ],
      { files },
    )
    expect(exitCode).toBe(1)
    expect(stdout).toContain('engine "cel" does not say so')
    expect(stdout).toContain('escalate by CEL: own_order')
    expect(stdout).toContain('deny by Cedar: not_O2')
    expect(stdout).toContain('2 of 3 policy tests as expected; 1 differs')
  })

  it('a policy that does not fit its schema is an input error', async () => {
    const broken = { ...files, 'set/agents/refunds.cedar': 'permit (principal, action' }
    const { exitCode, stderr } = await ask(
      ['{ name: own, tool: orders.refund, args: { id: O-1 }, expect: allow }'],
      { files: broken },
    )
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('cedar')])
  })
})

describe('input that cannot be asked about', () => {
  it('is told with its place, all of it at once, and nothing is decided', async () => {
    const { exitCode, stderr, stdout } = await ask([
      '{ name: one, tool: orders.refnd, args: { id: O-1 }, expect: allow }',
      '{ name: two, tool: orders.refund, args: { id: 7 }, expect: allow }',
      '{ name: three, tool: orders.get, args: { id: O-1 }, calls: [{ tool: no.such }], expect: allow }',
      '{ name: four, tool: orders.get, args: { id: O-1 }, state: [{ op: remove, path: /nothing/here }], expect: allow }',
    ])
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toContain('refunds.policy-test.yaml:5:')
    expect(stderr).toContain('unknown tool "orders.refnd"; did you mean "orders.refund"?')
    expect(stderr).toContain('refunds.policy-test.yaml:6:')
    expect(stderr).toContain('id: must be string')
    expect(stderr).toContain('unknown tool "no.such"')
    expect(stderr).toContain('tests.3.state.0.path')
  })

  it.each([
    ['{ name: a, expect: allow }', 'about one of tool, reply, log'],
    ['{ name: a, tool: orders.get, reply: hi, expect: allow }', 'tool and reply'],
    ['{ name: a, reply: hi, args: {}, expect: allow }', 'needs a `tool`'],
    ['{ name: a, reply: hi, expect: maybe }', 'allow, modify, escalate, deny or error'],
    ['{ name: a, reply: hi, modified: ho, expect: deny }', 'nothing passes in another form'],
    ['{ name: a, reply: hi, expects: deny, expect: deny }', 'expects'],
  ])('%s', async (line, message) => {
    const { exitCode, stderr } = await ask([line])
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)])
  })

  it('also two tests of one name, a candidate that is not there, and both kinds of policy', async () => {
    const own = '{ name: own, tool: orders.refund, args: { id: O-1 }, expect: allow }'
    expect((await ask([own, own])).stderr).toContain('stands in line 5 already')
    const missing = await ask([own], { head: 'candidate: ../agents/none.yaml' })
    expect([missing.exitCode, missing.stderr]).toEqual([
      2,
      expect.stringMatching(/policy-test\.yaml:3:\d+ candidate: there is no file/),
    ])
    const both = await ask([own], { head: 'candidate: ../agents/good.yaml\njudging: true' })
    expect([both.exitCode, both.stderr]).toEqual([2, expect.stringContaining('not both')])
  })

  it('is shown without what it would do to a terminal', async () => {
    const evil = '\\e[2J\\nDIFFERS  other'
    const { stdout } = await ask([
      `{ name: "a${evil}", reply: "${evil} ana@example.com", expect: allow }`,
    ])
    expect(stdout).not.toContain('\u001b')
    expect(stdout.split('\n').filter((line) => line.startsWith('DIFFERS'))).toHaveLength(1)
  })
})

it('the form of a file has a JSON Schema', async () => {
  const { exitCode, stdout } = await runCli(['lint', '--print-schema', 'policy-test'], {
    cwd: folderWith(),
  })
  expect(exitCode).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ required: ['apiVersion', 'kind', 'tests'] })
})
