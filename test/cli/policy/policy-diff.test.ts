import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { policyDiffResult } from '../../../src/schema/policy-diff.ts'
import { type CliResult, folderWith, runCli, writeFiles } from '../run-cli.ts'
import { anAgent, cedarSchema, onlyOrder, projectWith } from './refund-set.ts'

/** Records a run and gives its path. */
async function record(cwd: string, output: string, ...argv: readonly string[]): Promise<string> {
  const all = ['run', '--no-gate', '-q', '-n', '3', '-o', output, ...argv]
  const { exitCode, stderr } = await runCli(all, { cwd })
  expect(exitCode, stderr).toBe(0)
  return `${output}/${readdirSync(path.join(cwd, output))[0] ?? ''}`
}

describe('policy diff', () => {
  let cwd = ''
  let run = ''
  const diff = (...argv: readonly string[]): Promise<CliResult> =>
    runCli(['policy', 'diff', run, ...argv], { cwd })

  beforeAll(async () => {
    cwd = folderWith(
      projectWith(anAgent([onlyOrder('O-1')]), {
        'set/agents/strict.yaml': anAgent([
          onlyOrder('O-9'),
          '{ id: no_look, tool: orders.get, condition: "input.id != \'O-2\'", on_fail: escalate_to_human }',
        ]),
        'set/agents/broken.yaml': anAgent([
          '{ id: broken, tool: orders.refund, condition: "input.nothing > 1" }',
        ]),
      }),
    )
    run = await record(cwd, 'out')
  }, 60_000)

  it('finds nothing where the rules are as they were', async () => {
    const { exitCode, stdout } = await diff()
    expect(exitCode).toBe(0)
    // Three trials of four cases and a twin: five looks, a refund and five replies in each round.
    expect(stdout).toContain('none of 33 recorded actions would be decided otherwise')
  })

  it('says how many actions would be decided otherwise, by which rule, and where to look', async () => {
    const { exitCode, stdout } = await diff('--candidate', 'set/agents/strict.yaml')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(
      /^3 of 33 recorded actions would now be denied, 6 would now be handed to a person\n/,
    )
    expect(stdout).toContain('now deny, was allow: own_order on orders.refund')
    expect(stdout).toContain(`npx agent-eval show '${run}/refund.one#1'`)
    expect(stdout).toContain('now escalate, was allow: no_look on orders.get')
    expect(stdout).toContain(
      'what the\n  agent would have done after another decision is not known',
    )
  })

  it('counts what the rules cannot decide apart from what they deny', async () => {
    const { stdout } = await diff('--candidate', 'set/agents/broken.yaml')
    expect(stdout).toContain(
      '3 of 33 recorded actions would now be denied because the rules cannot',
    )
    expect(stdout).toContain('now error, was allow: broken on orders.refund')
  })

  it('exits 1 on a difference only where that is asked for', async () => {
    expect((await diff('--exit-code')).exitCode).toBe(0)
    expect((await diff('--exit-code', '--candidate', 'set/agents/strict.yaml')).exitCode).toBe(1)
  })

  it('gives the document with --json', async () => {
    const { stdout } = await diff('--json', '--candidate', 'set/agents/strict.yaml')
    const { candidate, decided, moved, undecided } = policyDiffResult.parse(JSON.parse(stdout))
    expect([candidate.name, decided, undecided]).toEqual(['good', 33, 0])
    expect(moved).toEqual([
      {
        was: 'allow',
        now: 'escalate',
        rules: ['no_look'],
        kind: 'call',
        tool: 'orders.get',
        count: 6,
        examples: ['status.note#1', 'status.note#2', 'status.note#3'],
      },
      {
        was: 'allow',
        now: 'deny',
        rules: ['own_order'],
        kind: 'call',
        tool: 'orders.refund',
        count: 3,
        examples: ['refund.one#1', 'refund.one#2', 'refund.one#3'],
      },
    ])
  })

  it('decides by the file of the agent that ran, with what its command line changed', async () => {
    const other = await record(
      cwd,
      'set-out',
      '--set',
      'policy.rules=[]',
      '--candidate',
      'set/agents/strict.yaml',
    )
    const { stdout } = await runCli(['policy', 'diff', other], { cwd })
    expect(stdout).toContain('would be decided otherwise')
    expect(stdout).toMatch(/^none of/)
  })

  it('exits 2 for a run that is not there, and for one of an eval set that is not here', async () => {
    expect((await runCli(['policy', 'diff', 'nowhere'], { cwd })).exitCode).toBe(2)
    const foreign = folderWith({
      'agent-eval.yaml': 'apiVersion: agent-eval/v1\nevalsets: [set]\n',
    })
    const away = await runCli(['policy', 'diff', path.join(cwd, run)], { cwd: foreign })
    expect([away.exitCode, away.stderr]).toEqual([
      2,
      expect.stringContaining('is not in this project'),
    ])
  })

  it('names no trial of a holdout', async () => {
    const manifestFile = path.join(cwd, run, 'run.json')
    const text = readFileSync(manifestFile, 'utf8')
    const manifest = JSON.parse(text) as { cases: { id: string; split?: string }[] }
    const cases = manifest.cases.map((one) =>
      one.id === 'refund.one' ? { ...one, split: 'holdout' } : one,
    )
    writeFileSync(manifestFile, JSON.stringify({ ...manifest, cases }))
    const { stdout } = await diff('--candidate', 'set/agents/strict.yaml')
    expect(stdout).toContain('own_order on orders.refund')
    expect(stdout).not.toContain('refund.one')
    writeFileSync(manifestFile, text)
  })

  it('a resumed run that did a trial again is counted once', async () => {
    const events = path.join(cwd, run, 'events.jsonl')
    const text = readFileSync(events, 'utf8')
    const first = text.split('\n').filter((line) => line.includes('"trial":"refund.one#1"'))
    writeFileSync(events, `${first.join('\n')}\n${text}`)
    expect((await diff()).stdout).toContain('none of 33 recorded actions')
    writeFileSync(events, `${text}{"run":"r","trial":"refund.one#1","type":"message"}\n`)
    expect((await diff()).exitCode).toBe(0)
    writeFileSync(events, text.replace('"type":"tool.proposed"', '"type":"tool.proposal"'))
    const broken = await diff()
    expect([broken.exitCode, broken.stderr]).toEqual([
      2,
      expect.stringContaining('is not an event'),
    ])
    writeFileSync(events, text)
  })
})

describe('a policy that reads records of the world', () => {
  const cedar = `    cedar:
      policies: refunds.cedar
      schema: refunds.cedarschema
      resources: { orders.refund: { type: Order, id: input.id } }
      world: [{ type: Order, from: state.orders }]
`
  const policy = (most: number): string => `
    @id("all") permit (principal, action, resource);
    @id("once") forbid (principal, action == Action::"orders.refund", resource)
    when { resource is Order && resource.refunds >= ${most} };
  `

  it('sees the world in which each trial began, until its case is another one', async () => {
    const cwd = folderWith(
      projectWith(anAgent([], cedar), {
        'set/agents/refunds.cedarschema': cedarSchema,
        'set/agents/refunds.cedar': policy(1),
      }),
    )
    const run = await record(cwd, 'out')
    const same = await runCli(['policy', 'diff', run], { cwd })
    expect(same.stdout, same.stderr).toContain('none of 33 recorded actions')

    writeFiles(cwd, { 'set/agents/refunds.cedar': policy(0) })
    const never = await runCli(['policy', 'diff', run], { cwd })
    expect(never.stdout).toMatch(/^3 of 33 recorded actions would now be denied\n/)

    const note = path.join(cwd, 'set/cases/outcome/refund.yaml')
    writeFileSync(note, readFileSync(note, 'utf8').replace('I am C-1', 'I am C-1!'))
    const changed = await runCli(['policy', 'diff', run], { cwd })
    // A look, a refund and a reply in each of the three trials of that case.
    expect(changed.stdout).toContain('none of 24 recorded actions')
    expect(changed.stdout).toContain('9 actions were not decided again')
  })
})
