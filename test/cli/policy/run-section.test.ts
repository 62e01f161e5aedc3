import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { runResult } from '../../../src/schema/run-result.ts'
import { committed, git } from '../git-repo.ts'
import { type CliResult, folderWith, runCli, writeFiles } from '../run-cli.ts'
import { anAgent, onlyOrder, projectWith } from './refund-set.ts'

let cwd = ''
let first = ''

const agent = 'set/agents/good.yaml'
/** With line breaks as spaces. */
async function run(...argv: readonly string[]): Promise<CliResult> {
  const ran = await runCli(['run', '-q', '-n', '2', '-o', 'out', ...argv], { cwd })
  return { ...ran, stdout: ran.stdout.replaceAll(/\s+/g, ' ') }
}

const newest = (): string => {
  const names = readdirSync(path.join(cwd, 'out')).sort()
  return `out/${names.at(-1) ?? ''}`
}

/** A baseline that was measured with an agent that refunds nothing. */
beforeEach(async () => {
  cwd = folderWith(projectWith(anAgent([onlyOrder('O-9')])))
  await run('--no-gate')
  first = newest()
  const { exitCode, stderr } = await runCli(['baseline', 'update', '--from', first], { cwd })
  expect(exitCode, stderr).toBe(0)
}, 60_000)

function commit(): void {
  committed(cwd)
}

function loosen(): void {
  writeFiles(cwd, { [agent]: anAgent([onlyOrder('O-1')]) })
}

it('decides the recorded actions again by the rules of the commit of the baseline', async () => {
  commit()
  loosen()
  const { stderr, stdout } = await run()
  expect(stdout, stderr).toContain(
    'The policy changed: of 22 recorded actions, 2 that the old rules denied are now allowed.',
  )
  expect(stdout).toContain("own_order was input.id == 'O-9' and is input.id == 'O-1'")
  expect(stdout).toContain('own_order on orders.refund: 2 from deny to allow, such as refund.one#1')
  expect(git(cwd, 'worktree', 'list').trim().split('\n')).toHaveLength(1)

  const again = await runCli(['report', newest(), '-r', 'markdown'], { cwd })
  expect(again.stdout).toContain(
    '#### Policy\n\n**The policy changed: of 22 recorded actions, 2 that',
  )
  const document = readFileSync(path.join(cwd, newest(), 'result.json'), 'utf8')
  const { policyDiff } = runResult.parse(JSON.parse(document))
  expect(policyDiff).toMatchObject({
    decided: 22,
    undecided: 0,
    moved: [{ was: 'deny', now: 'allow', count: 2 }],
  })
})

it('reads the old rules at the merge base of a pull request', async () => {
  commit()
  git(cwd, 'checkout', '-q', '-b', 'change')
  loosen()
  git(cwd, 'commit', '-q', '-am', 'loosen')
  const { stderr, stdout } = await run('--baseline', 'git:merge-base:main')
  expect(stdout, stderr).toContain('2 that the old rules denied are now allowed.')
})

it('where the baseline is a run, decides that run by the new rules', async () => {
  loosen()
  const { stderr, stdout } = await run('--baseline', first)
  expect(stdout, stderr).toContain('2 that the old rules denied are now allowed.')
  expect(stdout).toContain(`actions of ${first}`)
})

it('says so where no action is decided otherwise', async () => {
  commit()
  writeFiles(cwd, { [agent]: anAgent([onlyOrder('O-9', 'block_and_alert')]) })
  const { stdout } = await run()
  expect(stdout).toContain('The policy changed: none of 22 recorded actions is decided otherwise.')
  expect(stdout).toContain('own_order.on_fail was deny and is block_and_alert')
})

it('says what keeps it from being known, and decides as ever', async () => {
  loosen()
  const { exitCode, stderr, stdout } = await run()
  expect(exitCode, stderr).toBe(0)
  expect(stdout).toContain('The policy changed; what that means for recorded actions is not known.')
  expect(stdout).toContain('why: not a git repository')
})

it('says nothing where the rules are the same, and where nobody decides', async () => {
  commit()
  expect((await run()).stdout).not.toContain('The policy changed')
  loosen()
  expect((await run('--no-gate')).stdout).not.toContain('The policy changed')
})
