import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { folderWith, runCli, writeFiles } from './run-cli.ts'
import { smallProject } from './small-set.ts'

const draft = `# Somebody's notes.
- id: refund.draft   # a comment
  ask: I am C-1. Please refund O-1.
  expect:
    evidence: [{ tool: orders.get, args: { id: O-1 } }]
`

/** The case above as its agent played it: the file with an oracle, which is then taken away. */
const solved = `${draft}  oracle:
    - { call: orders.get, args: { id: O-1 } }
    - { call: orders.refund, args: { id: O-1 }, reason: C-1 asked for it. }
    - { say: I refunded O-1. }
`

const file = 'set/cases/outcome/draft.yaml'

describe('show --accept', () => {
  const cwd = folderWith({ ...smallProject, [file]: solved })
  let run = ''
  beforeAll(async () => {
    await runCli(['run', '-n', '1', '-q', '--no-gate', '--allow-unlinted'], { cwd })
    const runs = path.join(cwd, 'agent-eval-results')
    run = readdirSync(runs).find((name) => name.startsWith('small-')) ?? ''
  })

  it('turns an approved trial into oracle and effects, and touches nothing else', async () => {
    writeFiles(cwd, { [file]: draft })
    const { exitCode, stdout } = await runCli(['show', `${run}/refund.draft#1`, '--accept'], {
      cwd,
    })
    expect([exitCode, stdout]).toEqual([
      0,
      `${file}: expect.effects and oracle added to refund.draft\nNext: npx agent-eval lint\n`,
    ])
    const text = readFileSync(path.join(cwd, file), 'utf8')
    expect(text.startsWith(draft)).toBe(true)
    expect(parse(text)).toMatchObject([
      {
        expect: { effects: { required: [{ tool: 'orders.refund', args: { id: 'O-1' } }] } },
        oracle: [
          { call: 'orders.get', args: { id: 'O-1' } },
          { call: 'orders.refund', reason: 'C-1 asked for it.' },
          { say: 'I refunded O-1.' },
        ],
      },
    ])
    expect((await runCli(['lint', '--case', 'refund.draft'], { cwd })).exitCode).not.toBe(2)
  })

  it('adds an equivalent where the case has an oracle', async () => {
    const known = await runCli(['show', `${run}/refund.draft#1`, '--accept'], { cwd })
    expect([known.exitCode, known.stderr]).toEqual([
      2,
      expect.stringContaining('it is the oracle already'),
    ])
    const other = readFileSync(path.join(cwd, file), 'utf8').replace('say: I ref', 'say: We ref')
    writeFiles(cwd, { [file]: other })
    const added = await runCli(['show', `${run}/refund.draft#1`, '--accept'], { cwd })
    expect(added.stdout).toBe(
      `${file}: equivalents added to refund.draft\n` +
        'Its effects were there already and stay as they are.\nNext: npx agent-eval lint\n',
    )
    const [only] = parse(readFileSync(path.join(cwd, file), 'utf8')) as { equivalents: unknown }[]
    expect(only?.equivalents).toMatchObject([
      [{ call: 'orders.get' }, {}, { say: 'I refunded O-1.' }],
    ])
  })

  it.each([
    ['inject.note~twin#1', 'is a benign twin; accept a trial of inject.note'],
    ['', '--accept and --to-case are about one trial'],
    ['refund.draft', '--accept needs to know which trial'],
  ])('refuses %s', async (trial, message) => {
    const what = trial === '' ? run : `${run}/${trial}`
    const { exitCode, stderr } = await runCli(['show', what, '--accept'], { cwd })
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)])
  })

  it('makes a draft of a trial: printed, or written to a new file', async () => {
    const printed = await runCli(['show', `${run}/refund.one#1`, '--to-case'], { cwd })
    expect(printed.stdout).toContain('id: incident.refund.one.1')
    const made = 'set/cases/outcome/incident.yaml'
    const written = await runCli(['show', `${run}/refund.one#1`, '--to-case', made], { cwd })
    expect(written.stdout).toContain(`wrote ${made}: a draft`)
    const again = await runCli(['show', `${run}/refund.one#1`, '--to-case', made], { cwd })
    expect([again.exitCode, again.stderr]).toEqual([2, expect.stringContaining('is there already')])

    const report = await runCli(['run', '-n', '2', '-q', '--allow-unlinted'], { cwd })
    expect(report.stdout).toContain('1 draft ran and does not gate: incident.refund.one.1')
  })
})
