import { readdirSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { comparison } from '../../src/schema/run-result.ts'
import type { Verdict } from '../../src/schema/verdict.ts'
import { folderWith, runCli } from '../cli/run-cli.ts'
import { copyOf, type Repository, repositoryIn } from './repository.ts'
import {
  agentFile,
  baselineFile,
  judge,
  onGitHub,
  refundFile,
  setFile,
  setWith,
  shopWithBaseline,
  worseAgent,
} from './shop.ts'

let change: Repository
let run = ''

beforeAll(async () => {
  change = copyOf(await shopWithBaseline())
  change.git('checkout', '--quiet', '-b', 'feature')
  change.edit({
    [agentFile]: worseAgent,
    [setFile]: setWith('margins: { tsr: 0.5 }'),
    [baselineFile]: undefined,
  })
  change.commit('change')
  await runCli(['run', '-q', '-o', 'candidate', '--no-gate'], { cwd: change.folder })
  run = onlyRunIn('candidate')
})

function onlyRunIn(output: string): string {
  return `${output}/${readdirSync(path.join(change.folder, output))[0] ?? ''}`
}

async function compared(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = onGitHub,
): Promise<{ readonly exitCode: number; readonly verdict: Verdict }> {
  const ran = await runCli(['compare', ...argv, '--json'], { cwd: change.folder, env })
  if (ran.stdout === '') throw new Error(ran.stderr)
  return { exitCode: ran.exitCode, verdict: comparison.parse(JSON.parse(ran.stdout)).verdict }
}

const whats = ({ rules }: Verdict): readonly string[] =>
  rules?.changes.map(({ what }) => what) ?? []

describe('compare on a pull request', () => {
  it('finds baseline and rules at the merge base', async () => {
    const { exitCode, verdict } = await compared([run])
    expect([exitCode, verdict.status]).toEqual([1, 'regression'])
    expect(verdict.rules?.from).toMatch(/^merge base with main, /)
    expect(whats(verdict)).toEqual(['gate.margins.tsr', baselineFile])
  })

  it('finds the same wherever it is asked to look', async () => {
    const { verdict } = await compared([run, '--baseline', 'git:merge-base:main'], {})
    expect(verdict.status).toBe('regression')
    expect(whats(verdict)).toEqual(['gate.margins.tsr', baselineFile])
    const named = await compared(['git:main', run], {})
    expect(named.verdict.status).toBe('regression')
  })

  it('decides by the stricter rules also between two runs that are named', async () => {
    await runCli(['run', '-q', '-o', 'good', '--no-gate', '--set', 'policy.rules=[]'], {
      cwd: change.folder,
    })
    const good = onlyRunIn('good')
    const onPullRequest = await compared([good, run])
    expect(onPullRequest.verdict.status).toBe('regression')
    expect(whats(onPullRequest.verdict)).toEqual(['gate.margins.tsr'])
    const elsewhere = await compared([good, run], {})
    expect([elsewhere.verdict.status, elsewhere.verdict.rules]).toEqual(['pass', undefined])
  })

  it('gives the verdict of the run itself, rules and all', async () => {
    const judged = await judge(change, { argv: ['-o', 'judged'] })
    const { verdict } = await compared([onlyRunIn('judged')])
    expect(verdict).toEqual(judged.verdict)
  })

  it('counts a case that the change put aside', async () => {
    const aside = copyOf(change)
    aside.edit({
      [refundFile]: `${aside.read(refundFile)}status: { quarantined: { reason: flaky, owner: Eve, expires: 2027-01-01 } }\n`,
    })
    const cwd = aside.folder
    await runCli(['run', '-q', '-o', 'aside', '--no-gate'], { cwd })
    const [idle = ''] = readdirSync(path.join(cwd, 'aside'))
    const argv = ['compare', `aside/${idle}`, '--json']
    const { stdout } = await runCli(argv, { cwd, env: onGitHub })
    const { verdict } = comparison.parse(JSON.parse(stdout))
    expect(verdict.status).toBe('regression')
    expect(verdict.cases.suspended).toBeUndefined()
    expect(whats(verdict)).toContain('case refund.one')
  })

  it('finds the rules of a result without its run in the eval set', async () => {
    const { verdict } = await compared([`${run}/result.json`, '--baseline', 'git:main'], {})
    expect(verdict.metrics.map(({ id }) => id)).not.toContain('utilityUnderAttack')
    expect(whats(verdict)).toEqual(['gate.margins.tsr', baselineFile])
  })

  it('judges a run of an eval set that is not here by what it recorded', async () => {
    const elsewhere = repositoryIn(folderWith({ 'a.txt': '1\n' }))
    elsewhere.git('init', '--quiet', '--initial-branch', 'main')
    elsewhere.commit('first')
    const file = path.join(change.folder, run)
    const { folder: cwd } = elsewhere
    const two = await runCli(['compare', `${file}/result.json`, file, '--json'], {
      cwd,
      env: onGitHub,
    })
    expect(two.stderr).toBe('')
    const { verdict } = comparison.parse(JSON.parse(two.stdout))
    expect(verdict.warnings).toContain(
      'eval set "small" is not in this project: its recorded rules decide',
    )
    const result = `${file}/result.json`
    const bare = await runCli(['compare', file, result, '--json'], { cwd })
    expect(comparison.parse(JSON.parse(bare.stdout)).verdict.warnings).toContain(
      'eval set "small" is not in this project: the result records no rules, and the usual ones decide',
    )
    const one = await runCli(['compare', file], { cwd, env: onGitHub })
    expect([one.exitCode, one.stderr]).toEqual([
      2,
      expect.stringContaining('eval set "small" is not in this project'),
    ])
  })
})
