import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { type BaseCommit, findBaseCommit } from '../../src/cli/git/merge-base.ts'
import { AgentEvalError } from '../../src/errors.ts'
import { folderWith } from '../cli/run-cli.ts'
import { checkout, type Repository, repositoryWith } from './repository.ts'

/**
 * ```
 * fork ─ tip          main
 *    └─ change ─┐     feature
 *       tip ─ merge   pull/1/merge: what GitHub made of both
 * ```
 */
interface History {
  readonly repository: Repository
  readonly fork: string
  readonly tip: string
  readonly change: string
  readonly merge: string
}

let history: History

beforeAll(() => {
  const repository = repositoryWith({ 'a.txt': '1\n' })
  const fork = repository.git('rev-parse', 'HEAD')
  repository.git('checkout', '--quiet', '-b', 'feature')
  repository.edit({ 'b.txt': '2\n' })
  const change = repository.commit('change')
  repository.git('checkout', '--quiet', 'main')
  repository.edit({ 'c.txt': '3\n' })
  const tip = repository.commit('tip')
  repository.git('checkout', '--quiet', '-b', 'pull/1/merge')
  repository.git('merge', '--quiet', '--no-ff', '-m', 'merge', 'feature')
  const merge = repository.git('rev-parse', 'HEAD')
  history = { repository, fork, tip, change, merge }
})

function baseIn(
  { folder }: Pick<Repository, 'folder'>,
  env: Readonly<Record<string, string>>,
  source?: string,
): Promise<BaseCommit | undefined> {
  return findBaseCommit({ cwd: folder, env, source })
}

async function failure(found: Promise<unknown>): Promise<AgentEvalError> {
  try {
    await found
  } catch (error) {
    if (error instanceof AgentEvalError) return error
    throw error
  }
  throw new Error('it was found')
}

const gitHub = { GITHUB_EVENT_NAME: 'pull_request', GITHUB_BASE_REF: 'main' }
const gitLab = { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' }

describe('on a pull request of GitHub', () => {
  it("takes the first parent of the host's merge commit", async () => {
    const here = checkout(history.repository, 'pull/1/merge')
    expect(await baseIn(here, { ...gitHub, GITHUB_SHA: history.merge })).toEqual({
      commit: history.tip,
      name: `merge base with main, ${history.tip.slice(0, 12)}`,
    })
  })

  it('needs two commits of history for that, and says which line brings them', async () => {
    const env = { ...gitHub, GITHUB_SHA: history.merge }
    const two = checkout(history.repository, 'pull/1/merge', ['--depth', '2'])
    expect(await baseIn(two, env)).toMatchObject({ commit: history.tip })
    const one = checkout(history.repository, 'pull/1/merge', ['--depth', '1'])
    const error = await failure(baseIn(one, env))
    expect(error.exitCode).toBe(2)
    expect(error.message).toContain(history.tip.slice(0, 12))
    expect(error.hint).toBe('add to actions/checkout:  with: { fetch-depth: 2 }')
  })

  it('does not take the parent of a merge commit that the change brings', async () => {
    const here = checkout(history.repository, 'feature')
    here.git('checkout', '--quiet', '-b', 'sly', history.change)
    here.git('merge', '--quiet', '--no-ff', '-m', 'own merge', 'origin/main')
    expect(here.git('rev-parse', 'HEAD^1')).toBe(history.change)
    expect(await baseIn(here, { ...gitHub, GITHUB_SHA: history.merge })).toMatchObject({
      commit: history.tip,
    })
  })

  it('takes the merge base with the target where the change itself is checked out', async () => {
    const here = checkout(history.repository, 'feature')
    expect(await baseIn(here, { ...gitHub, GITHUB_SHA: history.merge })).toMatchObject({
      commit: history.fork,
    })
    const target = { ...gitHub, GITHUB_EVENT_NAME: 'pull_request_target', GITHUB_SHA: history.tip }
    expect(await baseIn(here, target)).toMatchObject({ commit: history.fork })
  })

  it('trusts no merge base of a shallow clone', async () => {
    const here = checkout(history.repository, 'feature', ['--depth', '1', '--no-single-branch'])
    const error = await failure(baseIn(here, { ...gitHub, GITHUB_SHA: history.merge }))
    expect(error.message).toBe('the history up to the merge base with main is not in this clone')
    expect(error.hint).toBe('add to actions/checkout:  with: { fetch-depth: 0 }')
  })

  it('says what to fetch where the target is not here', async () => {
    const here = checkout(history.repository, 'feature', ['--single-branch'])
    const error = await failure(baseIn(here, gitHub))
    expect(error.hint).toBe('fetch it first:  git fetch origin main:refs/remotes/origin/main')
  })

  it('takes the branch of that name where there is no remote', async () => {
    const { repository } = history
    repository.git('checkout', '--quiet', 'feature')
    expect(await baseIn(repository, gitHub)).toMatchObject({ commit: history.fork })
  })

  it('takes a merge group by what GitHub says of the event', async () => {
    const here = checkout(history.repository, 'feature')
    const file = path.join(folderWith(), 'event.json')
    writeFileSync(file, JSON.stringify({ merge_group: { base_sha: history.fork } }))
    const env = { GITHUB_EVENT_NAME: 'merge_group', GITHUB_EVENT_PATH: file }
    expect(await baseIn(here, env)).toMatchObject({ commit: history.fork })

    const gone = 'b'.repeat(40)
    writeFileSync(file, JSON.stringify({ merge_group: { base_sha: gone } }))
    expect((await failure(baseIn(here, env))).hint).toContain('fetch-depth: 0')
    for (const text of ['', 'null', '{"merge_group":{"base_sha":3}}']) {
      writeFileSync(file, text)
      expect((await failure(baseIn(here, env))).message).toContain('its base is not known')
    }
    writeFileSync(file, JSON.stringify({ merge_group: { base_sha: '--output=x' } }))
    expect((await failure(baseIn(here, env))).message).toBe('"--output=x" is no commit')
  })

  it.each(['-x', '--output=x', 'a..b', 'main\n', 'ma\u0007in', 'a b', 'main:set', ''])(
    'refuses %j as a target',
    async (target) => {
      const here = checkout(history.repository, 'feature')
      const error = await failure(baseIn(here, { ...gitHub, GITHUB_BASE_REF: target }))
      expect(error.exitCode).toBe(2)
      expect(error.message).toBe(
        target === ''
          ? 'this is a pull request, and its base is not known'
          : `"${target}" is no git reference`,
      )
    },
  )
})

describe('on a merge request of GitLab, and a build of Buildkite', () => {
  it('takes the merge base, and the commit that the host names where history is cut off', async () => {
    const { change, fork, repository } = history
    const whole = checkout(repository, 'feature')
    const env = { ...gitLab, CI_MERGE_REQUEST_DIFF_BASE_SHA: change }
    // A host has been seen to name the base of an earlier target.
    expect(await baseIn(whole, env)).toMatchObject({ commit: fork })
    const cut = checkout(repository, 'feature', ['--depth', '1'])
    expect(await baseIn(cut, env)).toMatchObject({ commit: change })
    const gone = { ...gitLab, CI_MERGE_REQUEST_DIFF_BASE_SHA: fork }
    expect((await failure(baseIn(cut, gone))).hint).toBe(
      'add to the job:  variables: { GIT_DEPTH: "0" }',
    )
  })

  it('does not take a branch of the fork for the target: its origin is the fork', async () => {
    const { fork, repository } = history
    const ofFork = {
      ...gitLab,
      CI_MERGE_REQUEST_PROJECT_ID: '1',
      CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '2',
    }
    // Opened from the fork's own main, which is all that `origin/main` says here.
    const job = checkout(repository, 'main')
    const told = { ...ofFork, CI_MERGE_REQUEST_DIFF_BASE_SHA: fork }
    expect(await baseIn(job, told)).toMatchObject({ commit: fork })
    expect((await failure(baseIn(job, ofFork))).message).toBe(
      'this is a pull request, and its base is not known',
    )
  })

  it('takes the merge base with the base branch', async () => {
    const env = { BUILDKITE_PULL_REQUEST: '1', BUILDKITE_PULL_REQUEST_BASE_BRANCH: 'main' }
    const whole = checkout(history.repository, 'feature')
    expect(await baseIn(whole, env)).toMatchObject({ commit: history.fork })
    const cut = checkout(history.repository, 'feature', ['--depth', '1', '--no-single-branch'])
    expect((await failure(baseIn(cut, env))).hint).toBe('fetch it first:  git fetch --unshallow')
  })
})

describe('elsewhere', () => {
  it.each([
    ['a laptop', {}],
    ['a push', { GITHUB_EVENT_NAME: 'push', GITHUB_BASE_REF: '' }],
    ['a build of no pull request', { BUILDKITE_PULL_REQUEST_BASE_BRANCH: '' }],
  ])('takes nothing from a commit: %s', async (_, env) => {
    expect(await baseIn(history.repository, env)).toBeUndefined()
    expect(await baseIn({ folder: folderWith() }, env)).toBeUndefined()
  })

  it('takes the commit that is named, or the merge base with it', async () => {
    const here = checkout(history.repository, 'feature')
    expect(await baseIn(here, {}, 'git:origin/main')).toEqual({
      commit: history.tip,
      name: `origin/main, ${history.tip.slice(0, 12)}`,
    })
    expect(await baseIn(here, gitHub, 'git:HEAD~1')).toMatchObject({ commit: history.fork })
    expect(await baseIn(here, {}, 'git:merge-base:origin/main')).toEqual({
      commit: history.fork,
      name: `merge base with origin/main, ${history.fork.slice(0, 12)}`,
    })
  })

  it('says what is wrong with a name', async () => {
    const here = checkout(history.repository, 'feature', ['--depth', '1', '--no-single-branch'])
    const shallow = await failure(baseIn(here, {}, 'git:merge-base:origin/main'))
    expect(shallow.hint).toBe('fetch it first:  git fetch --unshallow')
    const unknown = await failure(baseIn(here, {}, 'git:merge-base:nowhere'))
    expect(unknown.message).toBe('git has no commit "nowhere"')
    const option = await failure(baseIn(here, {}, 'git:merge-base:--all'))
    expect(option.message).toBe('"--all" is no git reference')
  })

  it('says that histories have nothing in common', async () => {
    const here = checkout(history.repository, 'feature')
    here.git('checkout', '--quiet', '--orphan', 'other')
    here.commit('alone')
    const error = await failure(baseIn(here, {}, 'git:merge-base:origin/main'))
    expect(error.message).toBe('HEAD has no merge base with origin/main')
  })

  it('needs a repository only where nobody names a baseline', async () => {
    const folder = folderWith()
    expect((await failure(baseIn({ folder }, gitHub))).message).toBe(
      'this is a pull request, and here is no git repository',
    )
    expect(await baseIn({ folder }, gitHub, 'runs/main.json')).toBeUndefined()
  })
})
