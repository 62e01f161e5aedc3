import { symlinkSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { checkout, copyOf, type Repository, repositoryWith } from './repository.ts'
import {
  agentFile,
  baselineFile,
  judge,
  onGitHub,
  refused,
  setFile,
  setWith,
  shopWithBaseline,
  trials,
  worseAgent,
} from './shop.ts'

let main: Repository

beforeAll(async () => {
  main = await shopWithBaseline()
})

/** A branch whose base has these files instead. */
function changeFrom(files: Readonly<Record<string, string | undefined>>): Repository {
  const repository = copyOf(main)
  repository.edit(files)
  repository.commit('base')
  repository.git('checkout', '--quiet', '-b', 'feature')
  return repository
}

describe('the baseline of the merge base', () => {
  it('is missing: a first run, whatever the change brings, and the report says so', async () => {
    const change = changeFrom({ [baselineFile]: undefined })
    change.edit({ [baselineFile]: main.read(baselineFile), [agentFile]: worseAgent })
    change.commit('change')
    const { changes, exitCode, verdict } = await judge(change)
    expect([exitCode, verdict.firstRun]).toEqual([0, true])
    expect(verdict.warnings).toContainEqual(
      expect.stringMatching(/^merge base with main, \w{12} has no baseline of "small"/),
    )
    expect(changes).toEqual([{ what: baselineFile, base: 'none', here: '12 cases', holds: 'base' }])
    const required = await refused(change, { argv: ['--require-baseline'] })
    expect(required.exitCode).toBe(2)
    expect(required.stderr).toContain('there is no baseline')
  })

  it.each([
    ['torn', '{ torn', 'is not JSON'],
    ['of another form', '{}', 'is no baseline'],
    ['of another eval set', undefined, 'is a baseline of eval set "other", not of "small"'],
  ])('is %s: nothing is spent', async (_, text, message) => {
    const foreign = main.read(baselineFile).replace('"id":"small"', '"id":"other"')
    const change = changeFrom({ [baselineFile]: text ?? foreign })
    change.edit({ [baselineFile]: main.read(baselineFile) })
    change.commit('change')
    const { begun, exitCode, stderr } = await refused(change)
    expect(stderr).toContain(message)
    expect([exitCode, begun]).toEqual([2, 0])
  })

  it('is that of another eval set where the change renames the set', async () => {
    const change = changeFrom({})
    change.edit({ [setFile]: main.read(setFile).replace('id: small', 'id: other') })
    change.commit('change')
    const { exitCode, stderr } = await refused(change)
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining('is a baseline of eval set "small", not of "other"'),
    ])
  })

  it('is not looked for where nobody asks for a verdict', async () => {
    const shallow = checkout(main, 'main', ['--depth', '1'])
    const { exitCode, stderr } = await refused(shallow, { argv: ['--no-gate'] })
    expect([exitCode, stderr]).toEqual([0, ''])
  })

  it('is needed: a clone that is too shallow ends before it spends, and names the line', async () => {
    const change = copyOf(main)
    change.git('checkout', '--quiet', '-b', 'feature')
    change.commit('change')
    change.git('checkout', '--quiet', '-b', 'merge', 'main')
    change.git('merge', '--quiet', '--no-ff', '-m', 'merge', 'feature')
    const env = { ...onGitHub, GITHUB_SHA: change.git('rev-parse', 'HEAD') }
    const shallow = checkout(change, 'merge', ['--depth', '1'])
    const { begun, exitCode, stderr } = await refused(shallow, { env })
    expect([exitCode, begun]).toEqual([2, 0])
    expect(stderr).toContain('with: { fetch-depth: 2 }')
    const deeper = await judge(checkout(change, 'merge', ['--depth', '2']), { env })
    expect(deeper.verdict).toMatchObject({ status: 'pass', firstRun: false })
  })
})

describe('the rules of the merge base', () => {
  it('cannot be read: nothing is spent', async () => {
    const change = changeFrom({ [setFile]: 'apiVersion: agent-eval/v1\ngate: [' })
    change.edit({ [setFile]: main.read(setFile) })
    change.commit('change')
    const { begun, exitCode, stderr } = await refused(change)
    expect(stderr).toMatch(/set\/evalset\.yaml: cannot be read at merge base with main/)
    expect([exitCode, begun]).toEqual([2, 0])
  })

  it('hold without its cases, where these do not load there', async () => {
    const change = changeFrom({ 'set/policy.yaml': 'rules: [' })
    change.edit({
      'set/policy.yaml': main.read('set/policy.yaml'),
      [setFile]: setWith('margins: { tsr: 0.5 }'),
      [agentFile]: worseAgent,
    })
    change.commit('change')
    const { changes, verdict } = await judge(change)
    expect(verdict).toMatchObject({ status: 'regression', exitCode: 1 })
    expect(changes.map((one) => one.what)).toEqual(['gate.margins.tsr'])
    expect(verdict.warnings).toContainEqual(expect.stringContaining('do not load at merge base'))
  })

  it.skipIf(process.platform === 'win32')(
    'hold without its cases where a link hides them: none is tried less than was usual',
    async () => {
      const linked = copyOf(main)
      linked.git('mv', 'set/policy.yaml', 'set/rules.yaml')
      symlinkSync('rules.yaml', path.join(linked.folder, 'set/policy.yaml'))
      linked.commit('base')
      linked.git('checkout', '--quiet', '-b', 'feature')
      linked.edit({
        [setFile]: main.read(setFile).replace(`trials: ${trials}`, 'trials: 1'),
        [agentFile]: worseAgent,
      })
      linked.commit('change')
      const { changes, result, verdict } = await judge(linked)
      expect(verdict).toMatchObject({ status: 'regression', exitCode: 1 })
      expect(result.cases.map((one) => one.n)).toEqual(result.cases.map(() => trials))
      expect(changes).toEqual([
        { what: 'trials of 12 cases', base: String(trials), here: '1', holds: 'base' },
      ])
      expect(verdict.warnings).toContainEqual(
        expect.stringContaining(`none is tried less than the ${trials} times that are usual there`),
      )
    },
  )

  it('are its own for an eval set that the base does not have', async () => {
    const change = repositoryWith({ 'a.txt': '1\n' })
    change.git('checkout', '--quiet', '-b', 'feature')
    const files = main.git('ls-files').split('\n')
    change.edit(Object.fromEntries(files.map((file) => [file, main.read(file)])))
    change.commit('change')
    const { exitCode, verdict } = await judge(change)
    expect([exitCode, verdict.firstRun]).toEqual([0, true])
    expect(verdict.warnings).toContainEqual(
      expect.stringContaining('has no eval set "small": its own rules decide'),
    )
  })

  it('hold for a commit that is named, and with a baseline that is named', async () => {
    const change = changeFrom({})
    change.edit({ [setFile]: setWith('margins: { tsr: 0.5 }'), [agentFile]: worseAgent })
    change.commit('change')
    const margins = [expect.objectContaining({ what: 'gate.margins.tsr', holds: 'base' })]
    const named = await judge(change, { argv: ['--baseline', 'git:main'], env: {} })
    expect([named.exitCode, named.changes]).toEqual([1, margins])
    expect(named.verdict.rules?.from).toMatch(/^main, \w{12}$/)
    const byMergeBase = await judge(change, {
      argv: ['--baseline', 'git:merge-base:main'],
      env: {},
    })
    expect([byMergeBase.exitCode, byMergeBase.changes]).toEqual([1, margins])
    const byFile = await judge(change, { argv: ['--baseline', baselineFile] })
    expect([byFile.exitCode, byFile.changes]).toEqual([1, margins])
    expect(byFile.verdict.baseline?.from).toBe(baselineFile)
    const here = await judge(change, { env: {} })
    expect([here.exitCode, here.verdict.rules]).toEqual([0, undefined])
  })

  it('change nothing for an honest change, which passes', async () => {
    const change = changeFrom({})
    change.edit({ 'README.md': 'hello\n' })
    change.commit('change')
    const merge = copyOf(change)
    merge.git('checkout', '--quiet', 'main')
    merge.git('merge', '--quiet', '--no-ff', '-m', 'merge', 'feature')
    const env = { ...onGitHub, GITHUB_SHA: merge.git('rev-parse', 'HEAD') }
    const { changes, exitCode, verdict } = await judge(merge, { env })
    expect([exitCode, verdict.status, changes, verdict.warnings]).toEqual([0, 'pass', [], []])
  })
})
