import { readdirSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { comparison } from '../../src/schema/run-result.ts'
import { runCli } from '../cli/run-cli.ts'
import { copyOf, type Repository } from './repository.ts'
import {
  agentFile,
  judge,
  onGitHub,
  refused,
  setFile,
  shopWithBaseline,
  worseAgent,
} from './shop.ts'

/** The same set once more, under another id. */
const other = { folder: 'other', id: 'other' } as const

let main: Repository

beforeAll(async () => {
  const repository = copyOf(await shopWithBaseline())
  repository.git('checkout', '--quiet', 'main')
  const files = repository.git('ls-files', 'set').split('\n')
  const copied = files.map((file): [string, string] => {
    const text = repository.read(file).replaceAll('id: small', `id: ${other.id}`)
    return [
      file.replace('set/', `${other.folder}/`),
      text.replaceAll('"id":"small"', `"id":"${other.id}"`),
    ]
  })
  repository.edit({ ...Object.fromEntries(copied), ...running('set', other.folder) })
  repository.commit('two sets')
  main = repository
})

/** A project file that runs these. */
function running(...folders: readonly string[]): Record<string, string> {
  return {
    'agent-eval.yaml': `apiVersion: agent-eval/v1\nevalsets: [${folders.join(', ')}]\nmodels: { default: "reference:" }\n`,
  }
}

function changeOf(files: Readonly<Record<string, string | undefined>>): Repository {
  const change = copyOf(main)
  change.git('checkout', '--quiet', '-b', 'feature')
  change.edit(files)
  change.commit('change')
  return change
}

const gone = {
  what: 'evalsets',
  base: 'other in other',
  here: 'none',
  holds: 'change',
} as const
const missing = ['eval set "other" of the base is not run any more']

describe('a pull request after which an eval set of the base is not run', () => {
  it('has no verdict, and the set is named', async () => {
    const change = changeOf(running('set'))
    const judged = await judge(change, { argv: ['-o', 'judged'] })
    const { changes, exitCode, markdown, terminal, verdict } = judged
    expect([exitCode, verdict.status, verdict.missingEvidence]).toEqual([4, 'error', missing])
    expect(changes).toEqual([gone])
    for (const text of [terminal, markdown]) expect(text).toContain('other in other')
    const [run = ''] = readdirSync(path.join(change.folder, 'judged')).filter((name) =>
      name.startsWith('small-'),
    )
    const again = await runCli(['compare', `judged/${run}`, '--json'], {
      cwd: change.folder,
      env: onGitHub,
    })
    expect(comparison.parse(JSON.parse(again.stdout)).verdict).toEqual(verdict)
  })

  it('has none either where another set stands in its folder, or in one of its name', async () => {
    const easy = main.read(setFile).replace('id: small', 'id: easy')
    const copied = changeOf({ ...running('set', other.folder), 'other/evalset.yaml': easy })
    const { exitCode, verdict } = await judge(copied, { argv: ['set'] })
    expect([exitCode, verdict.missingEvidence]).toEqual([4, missing])
  })

  it('has none where its own set is new as well', async () => {
    const change = changeOf({})
    change.git('mv', 'set', 'easy')
    change.edit({
      'easy/evalset.yaml': main.read(setFile).replace('id: small', 'id: easy'),
      ...running('easy'),
    })
    change.commit('change')
    const { exitCode, verdict } = await judge(change)
    expect([exitCode, verdict.firstRun]).toEqual([4, true])
    expect(verdict.missingEvidence).toEqual([
      'eval set "small" of the base is not run any more',
      ...missing,
    ])
  })

  it('is told apart from one that moves it', async () => {
    const change = changeOf({})
    change.git('mv', other.folder, 'moved')
    change.edit(running('moved', 'set'))
    change.commit('change')
    const { changes, exitCode } = await judge(change, { argv: ['set'] })
    expect([exitCode, changes]).toEqual([0, []])
  })

  it('is none without a base', async () => {
    const { exitCode, verdict } = await judge(changeOf(running('set')), { env: {} })
    expect([exitCode, verdict.missingEvidence]).toEqual([0, []])
  })
})

describe('a project that runs one eval set twice', () => {
  it('ends before it spends: one id', async () => {
    const twice = main.read('other/evalset.yaml').replace('id: other', 'id: small')
    const change = changeOf({ ...running('set', other.folder), 'other/evalset.yaml': twice })
    const { begun, exitCode, stderr } = await refused(change)
    expect([exitCode, begun]).toEqual([2, 0])
    expect(stderr).toContain('the eval sets set and other have one id')
  })

  it.skipIf(process.platform === 'win32')(
    'ends before it spends: one folder, by a link',
    async () => {
      const change = changeOf({})
      change.git('rm', '-r', '--quiet', other.folder)
      symlinkSync('set', path.join(change.folder, other.folder))
      change.commit('change')
      const { begun, exitCode, stderr } = await refused(change)
      expect([exitCode, begun]).toEqual([2, 0])
      expect(stderr).toContain('the eval sets set and other are one folder')
    },
  )
})

describe('the rules of the base', () => {
  it('are those of the set that the project runs, not of a copy of it', async () => {
    const repository = copyOf(main)
    for (const file of repository.git('ls-files', 'set').split('\n')) {
      repository.edit({ [file.replace('set/', 'archive/')]: repository.read(file) })
    }
    const lax = repository.read(setFile).replace('gate: {', 'gate: { margins: { tsr: 1 },')
    repository.edit({ 'archive/evalset.yaml': lax })
    repository.commit('archive')
    repository.git('checkout', '--quiet', '-b', 'feature')
    repository.edit({
      ...running('archive', other.folder),
      [agentFile.replace('set/', 'archive/')]: worseAgent,
    })
    repository.commit('change')
    const { changes, exitCode, verdict } = await judge(repository, {
      argv: ['archive'],
      env: onGitHub,
    })
    expect([exitCode, verdict.status]).toEqual([1, 'regression'])
    expect(changes).toContainEqual({
      what: 'gate.margins.tsr',
      base: '0.05',
      here: '1',
      holds: 'base',
    })
  })
})
