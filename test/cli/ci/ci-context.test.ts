import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ciContext } from '../../../src/cli/ci/ci-context.ts'
import { committed } from '../git-repo.ts'
import { folderWith } from '../run-cli.ts'

const head = '1'.repeat(40)
const merge = '2'.repeat(40)

const onGitHub = {
  GITHUB_ACTIONS: 'true',
  GITHUB_EVENT_NAME: 'pull_request',
  GITHUB_REPOSITORY: 'acme/bot',
  GITHUB_RUN_ID: '42',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_SHA: merge,
}

function withEvent(event: unknown, more: Readonly<Record<string, string>> = {}): typeof onGitHub {
  const cwd = folderWith({ 'event.json': JSON.stringify(event) })
  return { ...onGitHub, ...{ GITHUB_EVENT_PATH: path.join(cwd, 'event.json') }, ...more }
}

describe('on GitHub', () => {
  const event = { pull_request: { head: { sha: head } } }

  it('is about the head of the pull request, not the commit made to test the merge', async () => {
    expect(await ciContext({ cwd: folderWith(), env: withEvent(event) })).toEqual({
      commit: head,
      runUrl: 'https://github.com/acme/bot/actions/runs/42',
      caseFileUrl: `https://github.com/acme/bot/blob/${head}/`,
      repositoryFolder: '',
    })
  })

  it('takes the commit itself where there is no pull request', async () => {
    const env = { ...onGitHub, GITHUB_EVENT_NAME: 'push' }
    expect((await ciContext({ cwd: folderWith(), env }))?.commit).toBe(merge)
    const queued = withEvent(
      { merge_group: { head_sha: head } },
      { GITHUB_EVENT_NAME: 'merge_group' },
    )
    expect((await ciContext({ cwd: folderWith(), env: queued }))?.commit).toBe(head)
  })

  it.each([
    ['an event that says nothing', {}],
    ['an event that is none', null],
    ['a head that is no commit', { pull_request: { head: { sha: 'main' } } }],
    ['a head that is no text', { pull_request: { head: { sha: { a: 1 } } } }],
  ])('links nowhere rather than to the merge commit: %s', async (_, told) => {
    const context = await ciContext({ cwd: folderWith(), env: withEvent(told) })
    expect([context?.commit, context?.caseFileUrl]).toEqual([undefined, undefined])
  })

  it('says so also where the event cannot be read', async () => {
    const env = { ...onGitHub, GITHUB_EVENT_PATH: '/nowhere/event.json' }
    expect((await ciContext({ cwd: folderWith(), env }))?.commit).toBeUndefined()
  })

  it.each([
    ['GITHUB_REPOSITORY', 'acme/bot/../../evil'],
    ['GITHUB_REPOSITORY', 'acme/bot)](https://evil.example'],
    ['GITHUB_SERVER_URL', 'javascript:alert(1)//'],
    ['GITHUB_SERVER_URL', 'https://user:secret@github.com'],
    ['GITHUB_SERVER_URL', 'https://github.com\n::error::x'],
  ])('leaves out what does not look like it should: %s=%j', async (name, value) => {
    const context = await ciContext({ cwd: folderWith(), env: withEvent(event, { [name]: value }) })
    expect(context).toEqual({ commit: head, repositoryFolder: '' })
  })

  it('believes what was named on the command line before that', async () => {
    const commit = '3'.repeat(40)
    const named = { commit, runUrl: 'https://github.com/acme/bot/actions/runs/7' }
    expect(await ciContext({ cwd: folderWith(), env: withEvent(event) }, named)).toMatchObject({
      ...named,
      caseFileUrl: `https://github.com/acme/bot/blob/${commit}/`,
    })
  })

  it('knows where in its repository the project lies', async () => {
    const root = committed(folderWith({ 'packages/my bot/agent-eval.yaml': '' }))
    const context = await ciContext({
      cwd: path.join(root, 'packages/my bot'),
      env: withEvent(event),
    })
    expect(context).toMatchObject({
      repositoryFolder: 'packages/my bot/',
      caseFileUrl: `https://github.com/acme/bot/blob/${head}/packages/my%20bot/`,
    })
  })

  it('asks the host for the root where there is no git', async () => {
    const root = folderWith()
    const cwd = path.join(root, 'packages/bot')
    mkdirSync(cwd, { recursive: true })
    const folderIn = async (GITHUB_WORKSPACE: string): Promise<string | undefined> =>
      (await ciContext({ cwd, env: { ...onGitHub, GITHUB_WORKSPACE } }))?.repositoryFolder
    expect(await folderIn(root)).toBe('packages/bot/')
    expect(await folderIn(cwd)).toBe('')
    expect(await folderIn(folderWith())).toBe('')
  })
})

describe('on GitLab', () => {
  const env = {
    GITLAB_CI: 'true',
    CI_COMMIT_SHA: head,
    CI_JOB_URL: 'https://gitlab.example.com/acme/bot/-/jobs/9',
    CI_PROJECT_URL: 'https://gitlab.example.com/acme/bot',
  }

  it('links to the job and to the files', async () => {
    expect(await ciContext({ cwd: folderWith(), env })).toEqual({
      commit: head,
      runUrl: 'https://gitlab.example.com/acme/bot/-/jobs/9',
      caseFileUrl: `https://gitlab.example.com/acme/bot/-/blob/${head}/`,
      repositoryFolder: '',
    })
  })

  it('takes the source branch where it tests the merged result', async () => {
    const merged = {
      ...env,
      CI_COMMIT_SHA: merge,
      CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: head,
      CI_MERGE_REQUEST_SOURCE_PROJECT_URL: 'https://gitlab.example.com/fork/bot',
    }
    expect(await ciContext({ cwd: folderWith(), env: merged })).toMatchObject({
      commit: head,
      caseFileUrl: `https://gitlab.example.com/fork/bot/-/blob/${head}/`,
    })
  })
})

describe('on Buildkite', () => {
  const env = {
    BUILDKITE: 'true',
    BUILDKITE_BUILD_URL: 'https://buildkite.com/acme/bot/builds/3',
    BUILDKITE_JOB_ID: '018c-77',
    BUILDKITE_COMMIT: head,
    BUILDKITE_REPO: 'git@github.com:acme/bot.git',
  }

  it.each([
    ['git@github.com:acme/bot.git', `https://github.com/acme/bot/blob/${head}/`],
    ['https://github.com/acme/bot', `https://github.com/acme/bot/blob/${head}/`],
    ['https://gitlab.com/a/b/c.git', `https://gitlab.com/a/b/c/-/blob/${head}/`],
    ['https://user:secret@github.com/acme/bot.git', undefined],
    ['git@git.example.com:acme/bot.git', undefined],
    ['', undefined],
  ])('links to the files of %j: %s', async (BUILDKITE_REPO, caseFileUrl) => {
    const context = await ciContext({ cwd: folderWith(), env: { ...env, BUILDKITE_REPO } })
    expect(context?.caseFileUrl).toBe(caseFileUrl)
    expect(context?.runUrl).toBe('https://buildkite.com/acme/bot/builds/3#018c-77')
  })

  it('has no commit while the agent does not know it', async () => {
    const context = await ciContext({
      cwd: folderWith(),
      env: { ...env, BUILDKITE_COMMIT: 'HEAD' },
    })
    expect(context?.commit).toBeUndefined()
  })
})

it('is nothing elsewhere', async () => {
  expect(await ciContext({ cwd: folderWith(), env: { CI: 'true' } })).toBeUndefined()
  expect(await ciContext({ cwd: folderWith(), env: { GITHUB_ACTIONS: '' } })).toBeUndefined()
})
