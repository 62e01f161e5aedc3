import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { committed, git } from '../cli/git-repo.ts'
import { manifestOf, newestRun, resultBytes, runsOf, trialLines } from '../cli/noisy-set.ts'
import { type CliResult, folderWith, runCli, writeFiles } from '../cli/run-cli.ts'
import { smallProject } from '../cli/small-set.ts'

const env = { PATH: process.env['PATH'] ?? '' }

/** Solves the small set; of its refunds it forgets a share, each trial by its own name. */
function forgetful(share: number): string {
  return `
import { greeting } from 'house-style'

export default async function handle({ trial, conversation }, tools) {
  const words = conversation.at(-1).text
  const id = /O-\\d/.exec(words)[0]
  const { value } = await tools.call('orders.get', { id })
  const luck = parseInt(trial.slice(0, 4), 16) / 0x10000
  if (words.includes('refund') && luck >= ${share}) await tools.call('orders.refund', { id })
  if (words.includes('refund')) return greeting + 'I refunded ' + id
  return words.includes('note') ? 'It says ' + value.note : id + ' cost $' + value.paid_cents / 100
}
`
}

const files = {
  ...smallProject,
  'set/evalset.yaml': `
apiVersion: agent-eval/v1
id: small
version: "1"
candidate: agents/own.yaml
defaults: { trials: 4 }
gate: { metrics: [tsr], margins: { tsr: 0.05 } }
`,
  'set/agents/own.yaml': 'agent: { name: own, target: { module: ./own/agent.mjs } }',
  'set/agents/own/agent.mjs': forgetful(0.1),
  // Installed and not committed, as packages are.
  '.gitignore': 'node_modules\n',
  'node_modules/house-style/package.json':
    '{"name":"house-style","type":"module","main":"index.js"}',
  'node_modules/house-style/index.js': "export const greeting = 'Hello. '\n",
}

interface Repository {
  readonly cwd: string
  /** Of the commit, so that the baseline is not old. */
  readonly today: string
}

let original: Promise<string> | undefined

/** A repository whose baseline was measured with the agent of its first commit. */
async function repository(): Promise<Repository> {
  original ??= withBaseline()
  const cwd = folderWith()
  cpSync(await original, cwd, { recursive: true })
  committed(cwd)
  return { cwd, today: git(cwd, 'log', '-1', '--format=%cI').trim() }
}

async function withBaseline(): Promise<string> {
  const cwd = folderWith(files)
  const measured = await runCli(['run', '-n', '12', '--no-gate', '-q'], { cwd, env })
  const updated = await runCli(['baseline', 'update'], { cwd, env })
  if (measured.exitCode + updated.exitCode > 0) throw new Error(measured.stderr + updated.stderr)
  return cwd
}

function run({ cwd, today }: Repository, ...argv: readonly string[]): Promise<CliResult> {
  return runCli(['run', ...argv], { cwd, env, today })
}

const edited = (share: number): Readonly<Record<string, string>> => ({
  'set/agents/own/agent.mjs': forgetful(share),
})

describe("code of an agent of one's own", () => {
  it('is run also where it stays as it is: its packages may not', async () => {
    const there = await repository()
    const { stderr, stdout } = await run(there, '--skip-unchanged', '-n', '2')
    expect(stderr).toContain(
      'set is run: its agent is a program, and nobody knows all that it is made of\n',
    )
    expect(stdout).not.toContain('code of the agent')
  })

  it('is run once it was edited, and every report says so', async () => {
    const there = await repository()
    writeFiles(there.cwd, edited(0.1001))
    const argv = ['--skip-unchanged', '-r', 'terminal', '-r', 'markdown:out.md', '-n', '2']
    const { stderr, stdout } = await run(there, ...argv)
    expect(stderr).toContain('set is run: code of the agent\n')
    expect(stdout).toContain('code of the agent')
    expect(readFileSync(path.join(there.cwd, 'out.md'), 'utf8')).toContain('code of the agent')
    expect(resultBytes(newestRun(there.cwd))).toContain('code of the agent')
  })
})

describe('--confirm', () => {
  it('measures the baseline with the code of its commit and the packages that are there', async () => {
    const there = await repository()
    writeFiles(there.cwd, edited(0.95))
    const { exitCode, stderr, stdout } = await run(there, '-n', '12', '--confirm')
    expect(stderr).toContain('an alarm: both arms are measured again')
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('confirm')])
    const arm = (name: string): string => `${newestRun(there.cwd)}-confirm-${name}`
    const forgotten = (name: string): number =>
      trialLines(arm(name)).filter(
        (line) => line.includes('"case":"refund.one"') && line.includes('"fail"'),
      ).length
    expect(trialLines(arm('baseline'))).toHaveLength(60)
    expect(forgotten('baseline')).toBeLessThan(6)
    expect(forgotten('candidate')).toBeGreaterThan(8)
    const code = (name: string): string | undefined =>
      manifestOf(arm(name)).provenance.candidate.codeHash
    expect(code('baseline')).not.toBe(code('candidate'))
    // The checkout is gone, and what was linked into it is not.
    expect(git(there.cwd, 'worktree', 'list').trim().split('\n')).toHaveLength(1)
    expect(existsSync(path.join(there.cwd, 'node_modules/house-style/index.js'))).toBe(true)
  })

  it('leaves no checkout behind where something later is wrong', async () => {
    const there = await repository()
    writeFiles(there.cwd, { ...edited(0.95), 'other/evalset.yaml': 'id: 7' })
    const argv = ['run', 'set', 'other', '--confirm']
    const { exitCode } = await runCli(argv, { cwd: there.cwd, env, today: there.today })
    expect(exitCode).toBe(2)
    expect(git(there.cwd, 'worktree', 'list').trim().split('\n')).toHaveLength(1)
  })

  it('says before the first trial that a program is not in the commit', async () => {
    const cwd = folderWith({
      ...files,
      '.gitignore': 'node_modules\n.venv\n',
      'set/agents/own.yaml':
        'agent: { name: own, target: { command: [.venv/bin/python, agent.sh], protocol: text } }',
      'set/agents/agent.sh': "echo 'O-2 cost $90.'\n",
    })
    mkdirSync(path.join(cwd, 'set/agents/.venv/bin'), { recursive: true })
    symlinkSync('/bin/sh', path.join(cwd, 'set/agents/.venv/bin/python'))
    await runCli(['run', '-n', '2', '--no-gate', '-q'], { cwd, env })
    await runCli(['baseline', 'update'], { cwd, env })
    committed(cwd)
    const before = runsOf(cwd).length
    const { exitCode, stderr } = await runCli(['run', '--confirm', '-n', '2'], { cwd, env })
    expect(exitCode).toBe(2)
    expect(stderr).toContain(
      "--confirm cannot measure the baseline again: at its commit the agent's program " +
        '".venv/bin/python" cannot be started',
    )
    expect(runsOf(cwd)).toHaveLength(before)
    expect(git(cwd, 'worktree', 'list').trim().split('\n')).toHaveLength(1)
  })
})
