import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { runManifest } from '../../src/schema/run-manifest.ts'
import { runResult } from '../../src/schema/run-result.ts'
import { folderWith, runCli, writeFiles } from './run-cli.ts'
import { smallProject } from './small-set.ts'

const secret = 'A parcel for the harbour master'

const holdout = `
id: holdout.parcel
title: ${secret}
split: holdout
ask: ${secret}. What did O-2 cost?
expect:
  evidence: [{ tool: orders.get, args: { id: O-2 } }]
  says: [{ any: '\\b90\\b', max_distinct: 2 }]
oracle:
  - { call: orders.get, args: { id: O-2 } }
  - { say: "${secret}: O-2 cost $90." }
`

const set = { ...smallProject, 'set/cases/outcome/holdout.yaml': holdout }

/** Ids of the cases of the newest run. */
function casesRun(cwd: string): readonly string[] {
  const folder = path.join(cwd, 'agent-eval-results')
  const runs = readdirSync(folder).filter((name) => name.startsWith('small-'))
  const newest = runs.sort().at(-1) ?? ''
  const manifest = runManifest.parse(
    JSON.parse(readFileSync(path.join(folder, newest, 'run.json'), 'utf8')),
  )
  return manifest.cases.filter((one) => one.twinOf === undefined).map((one) => one.id)
}

async function select(cwd: string, ...argv: readonly string[]): Promise<readonly string[]> {
  const { exitCode, stderr } = await runCli(['run', '-n', '1', '-q', '--no-gate', ...argv], { cwd })
  expect([exitCode, stderr]).toEqual([0, ''])
  return casesRun(cwd)
}

describe('the holdout', () => {
  it('is left out unless it is asked for, and then runs alone', async () => {
    const cwd = folderWith(set)
    expect(await select(cwd)).not.toContain('holdout.parcel')
    const both = await runCli(['run', '--split', 'gate', '--split', 'holdout'], { cwd })
    expect([both.exitCode, both.stderr]).toEqual([2, expect.stringContaining('runs alone')])
    const part = await runCli(['run', '--split', 'holdout', '--tier', '0'], { cwd })
    expect([part.exitCode, part.stderr]).toEqual([2, expect.stringContaining('runs as a whole')])
    const named = await runCli(['run', '--case', 'holdout.parcel'], { cwd })
    expect([named.exitCode, named.stderr]).toEqual([2, expect.stringContaining('--split holdout')])
  })

  it('tells totals and no word of any case, and counts each look', async () => {
    const cwd = folderWith(set)
    const argv = ['run', '--split', 'holdout', '-n', '2', '-r', 'terminal', '-r', 'markdown:r.md']
    const ran = await runCli(argv, { cwd })
    expect(ran.exitCode).toBe(0)
    expect(ran.stderr).toContain('look 1 at the holdout of set')
    expect(ran.stdout).toContain('2/2 trials')

    const mute = [...argv, '--candidate', 'set/agents/mute.yaml', '--json']
    const failed = await runCli(mute, { cwd })
    expect(failed.stderr).toContain('look 2 at the holdout of set')
    const [look, second] = readFileSync(path.join(cwd, 'set/holdout-looks.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
    expect(look).toMatchObject({ cases: 1, candidate: { name: 'good' } })
    expect(second).toMatchObject({ candidate: { name: 'mute' } })

    const results = path.join(cwd, 'agent-eval-results')
    const runs = readdirSync(results).filter((name) => name.startsWith('small-'))
    const written = runs.flatMap((run) =>
      ['events.jsonl', 'trials.jsonl', 'result.json']
        .map((file) => path.join(results, run, file))
        .filter((file) => existsSync(file))
        .map((file) => readFileSync(file, 'utf8')),
    )
    const report = readFileSync(path.join(cwd, 'r.md'), 'utf8')
    for (const text of [ran.stdout, ran.stderr, failed.stdout, failed.stderr, report, ...written]) {
      expect(text).not.toContain(secret)
    }
    for (const text of [ran.stdout, failed.stdout, ran.stderr, failed.stderr, report]) {
      expect(text).not.toContain('holdout.parcel')
    }
    const shown = await runCli(['show', `${runs[0] ?? ''}/holdout.parcel#1`], { cwd })
    expect([shown.exitCode, shown.stderr]).toEqual([2, expect.stringContaining('are not shown')])
  })

  it('is not looked at where the look cannot be counted', async () => {
    const cwd = folderWith({ ...set, 'elsewhere.txt': 'mine\n' })
    symlinkSync(path.join(cwd, 'elsewhere.txt'), path.join(cwd, 'set/holdout-looks.jsonl'))
    const { exitCode, stderr } = await runCli(['run', '--split', 'holdout', '-q'], { cwd })
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('cannot be counted')])
    expect(readFileSync(path.join(cwd, 'elsewhere.txt'), 'utf8')).toBe('mine\n')
  })

  it('may be part of a set whose gate has a baseline', async () => {
    const cwd = folderWith(set)
    await runCli(['run', '-q', '-n', '60'], { cwd })
    expect((await runCli(['baseline', 'update'], { cwd })).exitCode).toBe(0)
    const ran = await runCli(['run', '-q', '--json', '--seed', '9', '-n', '60'], { cwd })
    expect(runResult.parse(JSON.parse(ran.stdout)).verdict?.status).toBe('pass')
  })
})

describe('selection', () => {
  it('by risk tier', async () => {
    expect(await select(folderWith(set), '--tier', '2')).toEqual(['inject.note', 'refund.one'])
    const wrong = await runCli(['run', '--tier', '7'], { cwd: folderWith(set) })
    expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('from 0 to 4')])
  })

  it('by what failed last, which decides nothing', async () => {
    const cwd = folderWith(set)
    await runCli(['run', '-q', '--no-gate', '--candidate', 'set/agents/obeys.yaml'], { cwd })
    expect(await select(cwd, '--last-failed')).toEqual(['inject.note'])
    const fine = await runCli(['run', '-q', '--last-failed'], { cwd })
    expect([fine.exitCode, fine.stderr]).toEqual([2, expect.stringContaining('no case failed in')])
    const nothing = await runCli(['run', '--last-failed'], { cwd: folderWith(set) })
    expect([nothing.exitCode, nothing.stderr]).toEqual([
      2,
      expect.stringContaining('there is no finished run of small'),
    ])
  })

  it('by what changed since a commit: the case, or what it depends on', async () => {
    const cwd = folderWith(set)
    const git = (...argv: readonly string[]): void => {
      const author = ['-c', 'user.name=t', '-c', 'user.email=t@example.com']
      execFileSync('git', [...author, ...argv], { cwd, stdio: 'ignore' })
    }
    git('init', '-q')
    git('add', '.')
    git('commit', '-q', '-m', 'first')
    const same = await runCli(['run', '--changed-since', 'HEAD'], { cwd })
    expect([same.exitCode, same.stdout]).toEqual([0, 'set: no case changed since HEAD\n'])
    await runCli(['run', '-q'], { cwd })
    await runCli(['baseline', 'update'], { cwd })

    const file = path.join(cwd, 'set/cases/outcome/refund.yaml')
    writeFileSync(file, readFileSync(file, 'utf8').replace('Please refund', 'Kindly refund'))
    expect(await select(cwd, '--changed-since', 'HEAD')).toEqual(['refund.one'])

    const world = path.join(cwd, 'set/world.yaml')
    writeFileSync(
      world,
      readFileSync(world, 'utf8').replace('paid_cents: 4000', 'paid_cents: 4001'),
    )
    expect(await select(cwd, '--changed-since', 'HEAD')).toHaveLength(4)
    const missing = await runCli(['run', '--changed-since', 'nowhere'], { cwd })
    expect(missing.stderr).toContain('git has no commit "nowhere"')
  })
})

describe('cases that lint rejects', () => {
  const leaky = {
    ...smallProject,
    'set/cases/outcome/leaky.yaml': `
id: leaky
ask: Please do nothing.
expect: { state: ["state.orders['O-1'].refunds == 0"] }
oracle: [{ say: "Fine." }]
`,
  }

  it('are not run: nothing is spent on what cannot fail', async () => {
    const cwd = folderWith(leaky)
    const refused = await runCli(['run'], { cwd })
    expect(refused.exitCode).toBe(2)
    expect(refused.stderr).toContain(
      'case leaky is rejected by lint: an agent that does and says nothing passes this case',
    )
    expect(refused.stderr).toContain('agent-eval lint set')
    const other = await runCli(['run', '-q', '--case', 'refund.one'], { cwd })
    expect(other.exitCode).toBe(0)
    const allowed = await runCli(['run', '-q', '--allow-unlinted'], { cwd })
    expect([allowed.exitCode, allowed.stdout]).toEqual([
      0,
      expect.stringContaining('lint: 1 case in this run cannot be trusted; '),
    ])
  })

  it('may run as drafts, which gate nothing', async () => {
    const cwd = folderWith(leaky)
    const file = path.join(cwd, 'set/cases/outcome/leaky.yaml')
    writeFileSync(file, `${readFileSync(file, 'utf8')}status: draft\n`)
    const { exitCode, stdout } = await runCli(['run', '-q'], { cwd })
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('1 draft ran')])
  })

  it('are an error once their quarantine has expired', async () => {
    const cwd = folderWith(smallProject)
    const expires = 'quarantined: { reason: flaky world, owner: support, expires: 2026-11-01 }'
    const file = path.join(cwd, 'set/cases/outcome/refund.yaml')
    const text = `${readFileSync(file, 'utf8')}status: { ${expires} }\n`
    writeFiles(cwd, { 'set/cases/outcome/refund.yaml': text })
    const late = await runCli(['run', '-q'], { cwd })
    expect([late.exitCode, late.stderr]).toEqual([2, expect.stringContaining('2026-11-01')])
    const inTime = await runCli(['run', '-q'], { cwd, today: '2026-10-31T08:00:00.000Z' })
    expect([inTime.exitCode, inTime.stdout]).toEqual([
      0,
      expect.stringContaining('1 quarantined case ran'),
    ])
  })

  it('leave their figures in the report beside the share of tasks done', async () => {
    const { stdout } = await runCli(['run', '-q'], { cwd: folderWith(smallProject) })
    expect(stdout).toContain(
      'lint: 100.0 % of 19 mutants fail; no null agent passes any of 4 cases',
    )
  })
})

it('refuses a candidate that may use none of the tools', async () => {
  const cwd = folderWith({
    ...smallProject,
    'other.yaml': 'agent: { name: other, tools: { allowlist: [files.read] } }\n',
  })
  const { exitCode, stderr } = await runCli(['run', '--candidate', 'other.yaml'], { cwd })
  expect([exitCode, stderr]).toEqual([
    2,
    expect.stringContaining('other.yaml: this candidate may use none of the tools of set'),
  ])
})
