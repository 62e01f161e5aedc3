import { readdirSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { comparison, runResult } from '../../../src/schema/run-result.ts'
import type { Verdict } from '../../../src/schema/verdict.ts'
import { copyOf, type Repository } from '../../pull-request/repository.ts'
import {
  agentFile,
  baselineFile,
  baselineTrials,
  judge,
  refused,
  setFile,
  setWith,
  shopWithBaseline,
  trials,
  worseAgent,
} from '../../pull-request/shop.ts'
import { runCli } from '../run-cli.ts'

let main: Repository

beforeAll(async () => {
  main = await shopWithBaseline()
})

describe('what a reader should know of a baseline', () => {
  async function warnings(
    { folder: cwd }: Repository,
    { argv = [], today }: { argv?: readonly string[]; today?: string } = {},
  ): Promise<Verdict['warnings']> {
    const asked = ['run', '-q', '--json', ...argv]
    const { stdout } = await runCli(asked, { cwd, ...(today !== undefined && { today }) })
    return runResult.parse(JSON.parse(stdout)).verdict?.warnings ?? []
  }

  it('is nothing where it is new and has three times the trials', async () => {
    expect(await warnings(main)).toEqual([])
  })

  it('is that it is thin', async () => {
    expect(await warnings(main, { argv: ['-n', String(trials + 1)] })).toEqual([
      expect.stringContaining(
        `thin: ${baselineTrials} trials of a case where ${3 * (trials + 1)} are`,
      ),
    ])
  })

  it('is its age, by its last commit, until it is changed', async () => {
    const today = '2027-01-02T10:00:00.000Z'
    const old = [expect.stringContaining('committed 43 days ago, more than 30')]
    expect(await warnings(main, { today })).toEqual(old)
    const changed = copyOf(main)
    changed.edit({ [baselineFile]: main.read(baselineFile).replace('"kind": ', '"kind":  ') })
    const days = await warnings(changed, { today: '2027-01-03T10:00:00.000Z' })
    expect(days).toEqual([])
  })
})

describe('the anchor', () => {
  /** A release with a tag, and an anchor that names it. */
  function released(anchor: string): Repository {
    const repository = copyOf(main)
    repository.git('tag', 'v1')
    repository.edit({ [setFile]: setWith(`anchor: "${anchor}"`) })
    repository.commit('anchor')
    return repository
  }

  it('is the baseline of a tag', async () => {
    const repository = released('git:v1')
    const { verdict } = await judge(repository, { env: {} })
    const tagged = repository.git('rev-parse', 'v1').slice(0, 12)
    expect(verdict.anchor?.from).toBe(`git:${tagged}:${baselineFile}`)
    repository.edit({ [agentFile]: worseAgent })
    expect((await judge(repository, { env: {} })).verdict.anchor?.metrics).toContainEqual(
      expect.objectContaining({ id: 'tsr', status: 'regression' }),
    )
  })

  it('is a file of the eval set, on a pull request that of the base', async () => {
    const repository = released('release.json')
    repository.edit({ 'set/release.json': main.read(baselineFile) })
    repository.commit('release')
    const here = await judge(repository, { env: {} })
    expect(here.verdict.anchor?.from).toBe('set/release.json')
    repository.git('checkout', '--quiet', '-b', 'feature')
    repository.edit({ 'set/release.json': '{ torn' })
    repository.commit('change')
    const { verdict } = await judge(repository)
    expect(verdict.anchor?.from).toMatch(/^git:\w{12}:set\/release\.json$/)
  })

  it.each([
    ['git:v9', /git has no commit "v9"/],
    ['git:v1~1', /git:v1~1: there is no such baseline/],
    ['none.json', /none\.json: there is no such run, result or baseline/],
    ['../../elsewhere.json', /leads out of the eval set/],
    ['foreign.json', /is a baseline of eval set "other", not of "small"/],
  ])('that is not there ends the run before it spends: %s', async (anchor, message) => {
    const repository = released(anchor)
    const foreign = main.read(baselineFile).replace('"id":"small"', '"id":"other"')
    repository.edit({ 'set/foreign.json': foreign })
    const { begun, exitCode, stderr } = await refused(repository, { env: {} })
    expect(stderr).toMatch(message)
    expect([exitCode, begun]).toEqual([2, 0])
  })

  it('is compared again when the run is', async () => {
    const repository = released('git:v1')
    const { verdict } = await judge(repository, { env: {}, argv: ['-o', 'out'] })
    const { folder: cwd } = repository
    const run = readdirSync(path.join(cwd, 'out')).find((name) => name.startsWith('small-')) ?? ''
    const again = await runCli(['compare', `out/${run}`, '--json'], { cwd })
    expect(comparison.parse(JSON.parse(again.stdout)).verdict.anchor).toEqual(verdict.anchor)
  })
})
