import { afterEach, describe, expect, it } from 'vitest'
import { askGitHub } from '../../../src/cli/github/ask-github.ts'
import { githubApi } from '../../../src/cli/github/github-api.ts'
import { patienceMs } from '../../../src/cli/github/open-access.ts'
import { type PullSeen, postComments } from '../../../src/cli/github/post-comments.ts'
import type { CommentDraft } from '../../../src/report/markdown/comment-action.ts'
import { commentMarker } from '../../../src/report/markdown/comment-marker.ts'
import { aRunResult } from '../../builders/result.ts'
import { aVerdict } from '../../builders/verdict.ts'
import {
  type FakeGitHub,
  type FakeGitHubOptions,
  type GitHubFault,
  startFakeGitHub,
} from '../../fake-servers/github.ts'
import { aDesk, head, newer } from './desk.ts'
import { quickClock } from './quick-clock.ts'

const marker = commentMarker('support')
const bot = { login: 'github-actions[bot]', type: 'Bot' }
const red = aRunResult({ verdict: aVerdict({ status: 'regression', exitCode: 1 }) })

let servers: FakeGitHub[] = []

afterEach(async () => {
  await Promise.all(servers.map((one) => one.close()))
  servers = []
})

async function aGitHub(options: Partial<FakeGitHubOptions> = {}): Promise<FakeGitHub> {
  const made = await startFakeGitHub({ pulls: [{ number: 5, head }], ...options })
  servers.push(made)
  return made
}

function count({ requests }: FakeGitHub, method: string): number {
  return requests.filter((one) => one.method === method).length
}

describe('a refusal of GitHub', () => {
  it.each<[string, GitHubFault, RegExp]>([
    [
      'a token that only reads',
      { method: 'POST', status: 403, message: 'Resource not accessible by integration' },
      /403, Resource not accessible by integration.*permissions: pull-requests: write.*workflow_run/s,
    ],
    ['a private repository', { status: 404, message: 'Not Found', times: 9 }, /404.*permissions/s],
    [
      'a token that is over',
      { status: 401, message: 'Bad credentials', times: 9 },
      /401.*not valid/s,
    ],
    ['a body', { method: 'POST', status: 422, message: 'Validation Failed' }, /422/],
    ['a comment on nothing', { method: 'POST', status: 410, message: 'Gone' }, /410/],
    [
      'a limit that lasts',
      { status: 429, headers: { 'retry-after': '3600' }, times: 9 },
      /429, rate limit.*run this job again/s,
    ],
  ])('is no verdict, is seen, and costs nobody the text: %s', async (_, fault, warning) => {
    const github = await aGitHub()
    github.fail(fault)
    const desk = aDesk(github, { 'support.json': red })
    const { exitCode, stderr, stdout } = await desk.report()
    expect([exitCode, stderr]).toEqual([0, ''])
    const annotation = stdout.split('\n').find((line) => line.startsWith('::warning '))
    expect(annotation?.replaceAll('%0A', '\n')).toMatch(warning)
    expect(desk.summary()).toContain('### agent-eval')
    expect(desk.outputs()).toBe('commented=false\n')
    expect(github.comments).toEqual([])
  })

  it('is a warning in words, and the text on stdout, outside of GitHub’s jobs', async () => {
    const github = await aGitHub({ mayWrite: false })
    const desk = aDesk(github, { 'support.json': red })
    const more = { CI: '', GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '', GITHUB_OUTPUT: '' }
    const { exitCode, stderr, stdout } = await desk.report([], more)
    expect(exitCode).toBe(0)
    expect(stderr).toMatch(/^warning: the comment could not be written: GitHub answered 403/)
    expect(stdout).toContain(`${marker}\n### agent-eval`)
    expect(desk.summary()).toBe('')
  })

  it('cannot say anything to the runner', async () => {
    const github = await aGitHub()
    const message = 'no\n::error::forged\u001b[2J ##[error]forged'
    github.fail({ method: 'POST', status: 403, message })
    const { stdout } = await aDesk(github, { 'support.json': red }).report()
    expect(stdout).not.toMatch(/^::error|\u001b|##\[/m)
  })

  it('is expected of an empty token: a job of a fork has no secrets', async () => {
    const github = await aGitHub()
    const desk = aDesk(github, { 'support.json': red })
    const { exitCode, stdout } = await desk.report([], { GITHUB_TOKEN: '' })
    expect([exitCode, github.requests]).toEqual([0, []])
    expect(stdout).toContain('the token for GitHub is empty')
    expect(desk.summary()).toContain(`${marker}\n### agent-eval`)
  })

  it('of one comment keeps nobody from writing the next', async () => {
    const github = await aGitHub()
    github.fail({ method: 'POST', status: 422, message: 'Validation Failed' })
    const other = JSON.parse(JSON.stringify(red).replace('"id":"support"', '"id":"zz"')) as unknown
    const desk = aDesk(github, { 'a.json': red, 'b.json': other })
    const { stdout } = await desk.report()
    expect(stdout).toContain('zz: comment written')
    expect(github.comments.map(({ body }) => body.split('\n')[0])).toEqual([commentMarker('zz')])
    expect(desk.summary().split('\n')[0]).toBe(marker)
  })

  it('leaves out of the summary what has no room there', async () => {
    const github = await aGitHub({ mayWrite: false })
    const desk = aDesk(github, { 'support.json': red })
    const { writeFileSync } = await import('node:fs')
    writeFileSync(desk.env['GITHUB_STEP_SUMMARY'] ?? '', 'x'.repeat(999_990))
    const { stdout } = await desk.report()
    expect(desk.summary()).toHaveLength(999_990)
    expect(stdout).toContain(`${marker}\n### agent-eval`)
  })

  it('does not go to another host with the token', async () => {
    const other = await aGitHub()
    const github = await aGitHub()
    const location = `${other.url}/repos/acme/shop/issues/5/comments`
    github.fail({ method: 'GET', path: 'comments', status: 301, headers: { location } })
    const { exitCode, stdout } = await aDesk(github, { 'support.json': red }).report()
    expect([exitCode, other.requests]).toEqual([0, []])
    expect(stdout).toContain('redirects to another host')
  })

  it('does not go to another host for the next page', async () => {
    const other = await aGitHub()
    const github = await aGitHub()
    const link = `<${other.url}/repos/acme/shop/issues/5/comments?page=2>; rel="next"`
    github.fail({ method: 'GET', path: 'comments', status: 200, headers: { link }, body: [] })
    const { stdout } = await aDesk(github, { 'support.json': red }).report()
    expect(other.requests).toEqual([])
    expect(stdout).toContain('links its next page on another host')
  })

  it('follows a repository that has a new name', async () => {
    const github = await aGitHub()
    const to = { location: '/repos/acme/shop/issues/5/comments?per_page=100' }
    github.fail({ method: 'GET', path: 'comments', status: 301, headers: to })
    const post = { location: '/repos/acme/shop/issues/5/comments' }
    github.fail({ method: 'POST', status: 307, headers: post })
    await aDesk(github, { 'support.json': red }).report()
    expect(github.comments).toHaveLength(1)
  })
})

describe('a failure that may pass', () => {
  const body = `${marker}\n### agent-eval: regression\n`

  function draft(): CommentDraft {
    return { evalSet: 'support', body, headSha: head, news: 'alarm', onPass: 'update' }
  }

  async function posted(
    github: FakeGitHub,
    drafts: (seen: PullSeen) => readonly CommentDraft[] = () => [draft()],
  ): Promise<{
    readonly result: Awaited<ReturnType<typeof postComments>>
    readonly waits: readonly number[]
  }> {
    const clock = quickClock()
    const { token, url: apiUrl } = github
    const access = { apiUrl, token, fetch: globalThis.fetch, clock, giveUpAtMs: patienceMs }
    const api = githubApi('acme/shop', access)
    const result = await postComments({ number: 5, author: undefined, drafts }, { api, access })
    return { result, waits: clock.waits }
  }

  it('of a question is asked again, each time after longer', async () => {
    const github = await aGitHub()
    github.fail({ method: 'GET', path: 'comments', status: 502, times: 3 })
    const { result, waits } = await posted(github)
    expect(waits).toEqual([1000, 2000, 4000])
    expect(result.posted.map(({ action }) => action.kind)).toEqual(['create'])
  })

  it('waits as long as it is told to, or a minute where nobody says', async () => {
    const github = await aGitHub()
    const date = 'Sun, 22 Nov 2026 10:00:00 GMT'
    const reset = String(Date.UTC(2026, 10, 22, 10, 0, 20) / 1000)
    const path = 'comments'
    github.fail({ path, status: 429, headers: { 'retry-after': '7' } })
    github.fail({ path, status: 403, message: 'You have exceeded a secondary rate limit' })
    github.fail({
      path,
      status: 403,
      headers: { date, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset },
    })
    const { result, waits } = await posted(github)
    expect(waits).toEqual([7000, 60_000, 20_000])
    expect(result.failure).toBeUndefined()
  })

  it('is given up after the fourth time, and tells what was not said', async () => {
    const github = await aGitHub()
    github.fail({ method: 'POST', status: 503, times: 9 })
    const { result, waits } = await posted(github)
    expect(count(github, 'POST')).toBe(4)
    expect(waits).toEqual([1000, 2000, 4000])
    expect(result).toMatchObject({ posted: [], unsaid: [draft()], failure: { status: 503 } })
  })

  it.each<[string, GitHubFault]>([
    ['an error', { method: 'POST', status: 502, after: true }],
    ['no answer', { method: 'POST', drop: true, after: true }],
  ])('writes no second comment where the first was written all the same: %s', async (_, fault) => {
    const github = await aGitHub()
    github.fail(fault)
    const { result } = await posted(github)
    expect(github.comments).toHaveLength(1)
    expect(result.posted).toMatchObject([{ action: { kind: 'leave', why: 'unchanged' } }])
  })

  it('writes nothing any more where a newer commit came while it waited', async () => {
    const github = await aGitHub()
    github.write({ pull: 5, ...bot, body: `${marker}\nolder` })
    github.fail({
      method: 'PATCH',
      status: 429,
      headers: { 'retry-after': '60' },
      then: () => {
        github.pull(5).head = newer
      },
    })
    const { result } = await posted(github)
    expect(count(github, 'PATCH')).toBe(1)
    expect(result.posted).toMatchObject([{ action: { kind: 'refuse', newHead: newer } }])
  })

  it('writes each of several comments once', async () => {
    const github = await aGitHub()
    const second = { ...draft(), evalSet: 'zz', body: `${commentMarker('zz')}\nx` }
    github.fail({ method: 'POST', status: 500 })
    github.fail({ method: 'POST', status: 500 })
    const { result } = await posted(github, () => [draft(), second])
    expect(github.comments.map(({ body: text }) => text)).toEqual([draft().body, second.body])
    expect(result.posted).toHaveLength(2)
  })

  it('takes no more than five minutes of a job', async () => {
    const github = await aGitHub()
    github.fail({ status: 429, headers: { 'retry-after': '110' }, times: 99 })
    const { result, waits } = await posted(github)
    expect(waits).toEqual([110_000, 110_000])
    expect(result.failure).toMatchObject({ status: 429 })
  })

  it('is no answer in time', async () => {
    const clock = quickClock()
    const never: typeof globalThis.fetch = (_, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => {
          reject(new Error('aborted'))
        })
        queueMicrotask(clock.giveUp)
      })
    const access = { apiUrl: 'http://x', token: 't', fetch: never, clock, giveUpAtMs: patienceMs }
    const answer = await askGitHub(access, { method: 'GET', url: 'http://x/user' })
    expect(answer).toEqual({ ok: false, isTransient: true, message: 'no answer within 30 s' })
  })

  it('is a host that cannot be reached', async () => {
    const github = await aGitHub()
    await github.close()
    const { result, waits } = await posted(github)
    expect(result).toMatchObject({ posted: [], failure: { isTransient: true } })
    expect(waits).toEqual([1000, 2000, 4000])
  })
})
