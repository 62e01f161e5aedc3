import { afterEach, describe, expect, it } from 'vitest'
import { commentMarker } from '../../../src/report/markdown/comment-marker.ts'
import type { RunResult } from '../../../src/schema/run-result.ts'
import { aCaseResult, aProvenance, aRunResult } from '../../builders/result.ts'
import { aMovedCase, aVerdict } from '../../builders/verdict.ts'
import {
  type FakeGitHub,
  type FakeGitHubOptions,
  type FakePull,
  startFakeGitHub,
} from '../../fake-servers/github.ts'
import { aDesk, head, newer } from './desk.ts'

const marker = commentMarker('support')
const bot = { login: 'github-actions[bot]', type: 'Bot' }
const pass = aRunResult()
const red = aRunResult({
  cases: [aCaseResult({ id: 'refund.full', passed: 0, file: 'set/refund.yaml', line: 7 })],
  verdict: aVerdict({
    status: 'regression',
    exitCode: 1,
    cases: {
      moved: [aMovedCase({ id: 'refund.full' })],
      added: [],
      removed: [],
      changed: [],
    },
  }),
})

let servers: FakeGitHub[] = []

afterEach(async () => {
  await Promise.all(servers.map((one) => one.close()))
  servers = []
})

async function aGitHub(
  options: Partial<FakeGitHubOptions> = {},
  pull: Partial<FakePull> = {},
): Promise<FakeGitHub> {
  const made = await startFakeGitHub({ pulls: [{ number: 5, head, ...pull }], ...options })
  servers.push(made)
  return made
}

function writes({ requests }: FakeGitHub): readonly string[] {
  return requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path}`)
}

function ofSet(id: string, result: RunResult = red): RunResult {
  return { ...result, provenance: aProvenance({ evalSet: { id, version: '1', hash: 'h' } }) }
}

describe('report --to github-comment', () => {
  it('names every report that could not be written beside the comment', async () => {
    const github = await aGitHub()
    const desk = aDesk(github, {
      'a.json': ofSet('a'),
      'b.json': ofSet('b'),
      'c.json': ofSet('c'),
    })
    const { exitCode, stderr } = await desk.report(['-r', 'json:event.json/{evalset}.json'])
    expect(writes(github)).not.toEqual([])
    expect(exitCode).not.toBe(0)
    for (const id of ['a', 'b', 'c']) {
      expect(stderr).toContain(`event.json/${id}.json: the report cannot be written`)
    }
  })

  it('writes a comment about a regression, and changes it for the next', async () => {
    const github = await aGitHub()
    const desk = aDesk(github, { 'support.json': red })
    const first = await desk.report()
    expect([first.exitCode, first.stderr]).toEqual([0, ''])
    expect(first.stdout).toContain('support: comment written: https://github.com/acme/shop/pull/5#')
    expect(github.comments).toHaveLength(1)
    const [written] = github.comments
    expect(written?.body.startsWith(`${marker}\n`)).toBe(true)
    expect(written?.body).toContain(head.slice(0, 7))
    expect(written?.body).toContain('(https://github.com/acme/shop/actions/runs/77)')
    expect(written?.body).toContain(
      `(https://github.com/acme/shop/blob/${head}/set/refund.yaml#L7)`,
    )

    desk.write({ 'support.json': pass })
    const second = await desk.report()
    expect(second.stdout).toContain('support: comment updated')
    expect(github.comments).toHaveLength(1)
    expect(github.comments[0]?.body).toMatch(/^.*\n### .*pass/)
    expect(writes(github)).toEqual([
      'POST /repos/acme/shop/issues/5/comments',
      'PATCH /repos/acme/shop/issues/comments/1000',
    ])
    expect(desk.outputs()).toBe('commented=true\ncommented=true\n')
  })

  it('sends what GitHub asks of whoever asks, and the token to nobody but the API', async () => {
    const github = await aGitHub()
    const desk = aDesk(github, { 'support.json': red })
    const { stderr, stdout } = await desk.report()
    for (const { headers } of github.requests) {
      expect(headers).toMatchObject({
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${github.token}`,
        'x-github-api-version': '2022-11-28',
      })
      expect(headers['user-agent']).toMatch(/^agent-eval\/\d/)
    }
    const said = stdout + stderr + desk.summary() + desk.outputs() + JSON.stringify(github.comments)
    expect(said).not.toContain(github.token)
    expect(github.requests).toHaveLength(3)
  })

  it('leaves a comment that says so already', async () => {
    const github = await aGitHub()
    const desk = aDesk(github, { 'support.json': red })
    await desk.report()
    const { stdout } = await desk.report()
    expect(stdout).toContain('says so already')
    expect(writes(github)).toHaveLength(1)
  })

  it('writes nothing about a pass, unless a comment is there or it is asked to', async () => {
    const github = await aGitHub()
    const desk = aDesk(github, { 'support.json': pass })
    const { exitCode, stdout } = await desk.report()
    expect([exitCode, writes(github)]).toEqual([0, []])
    expect(stdout).toContain('support: a pass')
    await desk.report(['--on-pass', 'always'])
    expect(writes(github)).toHaveLength(1)
    desk.write({ 'support.json': ofSet('support', aRunResult({ severeTier: 4 })) })
    await desk.report(['--on-pass', 'never'])
    expect(writes(github)).toHaveLength(1)
  })

  it('finds its comment on the third page', async () => {
    const github = await aGitHub()
    for (let at = 0; at < 230; at += 1) {
      github.write({ pull: 5, login: 'ada', type: 'User', body: `remark ${at}` })
    }
    const ours = github.write({ pull: 5, ...bot, body: `${marker}\nolder` })
    const desk = aDesk(github, { 'support.json': red })
    await desk.report()
    expect(writes(github)).toEqual([`PATCH /repos/acme/shop/issues/comments/${ours.id}`])
    const pages = github.requests.filter(({ path }) => path.includes('/comments?'))
    expect(pages).toHaveLength(3)
  })

  it('changes nothing that somebody else wrote, marker or not', async () => {
    const github = await aGitHub()
    const theirs = [
      github.write({ pull: 5, login: 'mallory', type: 'User', body: `${marker}\nall is well` }),
      github.write({ pull: 5, login: 'codecov[bot]', type: 'Bot', body: `${marker}\n` }),
      github.write({ pull: 5, ...bot, body: `about ${marker}` }),
    ].map(({ body }) => body)
    const desk = aDesk(github, { 'support.json': red })
    await desk.report()
    expect(github.comments.slice(0, 3).map(({ body }) => body)).toEqual(theirs)
    expect(writes(github)).toEqual(['POST /repos/acme/shop/issues/5/comments'])
    await desk.report()
    expect(github.comments).toHaveLength(4)
  })

  it('knows the comments of the person whose token it has', async () => {
    const github = await aGitHub({ author: { login: 'ada', type: 'User' } })
    const desk = aDesk(github, { 'support.json': red })
    await desk.report()
    desk.write({ 'support.json': pass })
    await desk.report()
    expect(github.comments).toHaveLength(1)
    expect(github.comments[0]).toMatchObject({ login: 'ada' })
    expect(github.comments[0]?.body).toContain('pass')
  })

  it('says what the token of an app needs, so that its comment is found again', async () => {
    const app = 'gate[bot]'
    const github = await aGitHub({ author: { login: app, type: 'Bot' } })
    const desk = aDesk(github, { 'support.json': red })
    const { stdout } = await desk.report()
    expect(stdout).toContain(`say --author '${app}'`)
    desk.write({ 'support.json': pass })
    const { stdout: again } = await desk.report(['--author', app])
    expect(again).not.toContain('--author')
    expect(github.comments).toHaveLength(1)
    expect(github.comments[0]?.body).toContain('pass')
  })

  it('writes nothing where a newer commit was pushed', async () => {
    const github = await aGitHub({}, { head: newer })
    github.write({ pull: 5, ...bot, body: `${marker}\n### of the newer commit` })
    const { exitCode, stdout } = await aDesk(github, { 'support.json': red }).report()
    expect([exitCode, writes(github)]).toEqual([0, []])
    expect(stdout).toContain(`nothing written: #5 has a newer head (${newer.slice(0, 12)})`)
  })

  it('comments on a pull request that is closed', async () => {
    const github = await aGitHub({}, { state: 'closed' })
    await aDesk(github, { 'support.json': red }).report()
    expect(github.comments).toHaveLength(1)
  })

  it('changes the newest of several comments of ours, and counts the others', async () => {
    const github = await aGitHub()
    for (const text of ['one', 'two', 'three']) {
      github.write({ pull: 5, ...bot, body: `${marker}\n${text}` })
    }
    const { stdout } = await aDesk(github, { 'support.json': red }).report()
    expect(writes(github)).toEqual(['PATCH /repos/acme/shop/issues/comments/1002'])
    expect(stdout).toContain('2 older comments of ours')
  })

  it('keeps one comment for each eval set', async () => {
    const github = await aGitHub()
    const desk = aDesk(github, { 'a.json': ofSet('first'), 'deep/b.json': ofSet('second', red) })
    await desk.report()
    await desk.report()
    expect(github.comments.map(({ body }) => body.split('\n')[0])).toEqual([
      commentMarker('first'),
      commentMarker('second'),
    ])
  })

  it('reaches a server of one’s own below its path', async () => {
    const github = await aGitHub({ basePath: '/api/v3' })
    const { exitCode } = await aDesk(github, { 'support.json': red }).report([], {
      GITHUB_API_URL: `${github.url}/`,
    })
    expect(exitCode).toBe(0)
    expect(github.comments).toHaveLength(1)
  })

  it('takes GH_TOKEN where the other is not there', async () => {
    const github = await aGitHub()
    const desk = aDesk(github, { 'support.json': red })
    await desk.report([], { GITHUB_TOKEN: '', GH_TOKEN: github.token })
    expect(github.comments).toHaveLength(1)
  })

  it('prints beside it what is asked for', async () => {
    const github = await aGitHub()
    const desk = aDesk(github, { 'support.json': red })
    const { stdout } = await desk.report(['-r', 'json:copy.json'])
    expect(stdout).not.toContain('"kind"')
    expect(github.comments).toHaveLength(1)
  })
})

describe('a comment from a result that is anybody’s', () => {
  it('links no file that lies outside of the repository', async () => {
    const files = [
      '../../../evil/repo',
      '/etc/passwd',
      'C:\\x',
      'https://evil.example/x',
      'ok.yaml',
    ]
    const cases = files.map((file, at) =>
      aCaseResult({ id: `case.${at}`, passed: 0, file, line: 1 }),
    )
    const hostile = aRunResult({
      cases,
      verdict: aVerdict({
        status: 'regression',
        exitCode: 1,
        cases: {
          moved: cases.map(({ id }) =>
            aMovedCase({ id, firstFailure: { grader: 'says', reason: `no ${id}`, count: 5 } }),
          ),
          added: [],
          removed: [],
          changed: [],
        },
      }),
    })
    const github = await aGitHub()
    await aDesk(github, { 'support.json': hostile }).report()
    const links = github.comments[0]?.body.match(/\]\([^)]*\)/g) ?? []
    const files0 = links.filter((link) => link.includes('/blob/'))
    for (const link of files0) {
      const url = new URL(link.slice(2, -1))
      expect(url.pathname.startsWith(`/acme/shop/blob/${head}/`)).toBe(true)
    }
    expect(files0).toContainEqual(expect.stringContaining(`/blob/${head}/ok.yaml#L1`))
    expect(github.comments[0]?.body).not.toMatch(/evil\/repo|passwd/)
  })
})

describe('which pull request', () => {
  const workflowRun = (changes: object = {}): unknown => ({
    workflow_run: {
      head_sha: head,
      html_url: 'https://github.com/acme/shop/actions/runs/12',
      head_branch: 'feature',
      head_repository: { full_name: 'acme/shop' },
      ...changes,
    },
  })

  it('is found by the commit that a workflow was run for', async () => {
    const github = await aGitHub({
      pulls: [
        { number: 5, head },
        { number: 6, head: newer },
      ],
    })
    await aDesk(github, { 'support.json': red }, workflowRun()).report()
    expect(writes(github)).toEqual(['POST /repos/acme/shop/issues/5/comments'])
    expect(github.comments[0]?.body).toContain('(https://github.com/acme/shop/actions/runs/12)')
    expect(github.requests.map(({ path }) => path)).not.toContainEqual(
      expect.stringContaining('state=open'),
    )
  })

  it('is looked for among the open ones where it comes from a fork', async () => {
    const many = Array.from({ length: 140 }, (_, at) => ({ number: 100 + at, head: newer }))
    const fork = { number: 5, head, repo: 'mallory/shop' }
    const github = await aGitHub({ pulls: [...many, fork] })
    const event = workflowRun({ head_repository: { full_name: 'mallory/shop' } })
    const { exitCode } = await aDesk(github, { 'support.json': red }, event).report()
    expect(exitCode).toBe(0)
    expect(writes(github)).toEqual(['POST /repos/acme/shop/issues/5/comments'])
  })

  it('is never another’s that has the same commit', async () => {
    const victim = { number: 5, head, repo: 'victim/shop' }
    const copy = { number: 9, head, repo: 'mallory/shop' }
    const github = await aGitHub({ pulls: [victim, copy] })
    const event = workflowRun({ head_repository: { full_name: 'mallory/shop' } })
    await aDesk(github, { 'support.json': red }, event).report()
    expect(writes(github)).toEqual(['POST /repos/acme/shop/issues/9/comments'])
  })

  it('is not guessed where two have the same head', async () => {
    const github = await aGitHub({
      pulls: [
        { number: 5, head },
        { number: 6, head },
      ],
    })
    const desk = aDesk(github, { 'support.json': red }, {})
    const { exitCode, stdout } = await desk.report(['--head-sha', head])
    expect([exitCode, writes(github)]).toEqual([0, []])
    expect(stdout).toContain('#5, #6 have the same head')
    await desk.report(['--head-sha', head, '--pr', '6'])
    expect(writes(github)).toEqual(['POST /repos/acme/shop/issues/6/comments'])
  })

  it('is none where the commit is no head any more', async () => {
    const github = await aGitHub({ pulls: [{ number: 5, head: newer, earlier: [head] }] })
    const { exitCode, stdout } = await aDesk(
      github,
      { 'support.json': red },
      workflowRun(),
    ).report()
    expect([exitCode, writes(github)]).toEqual([0, []])
    expect(stdout).toContain('nothing to comment on: no pull request has the head')
  })

  it('is none in a job that was started by something else', async () => {
    const github = await aGitHub()
    const desk = aDesk(github, { 'support.json': red }, { ref: 'refs/heads/main' })
    const { exitCode, stdout } = await desk.report()
    expect([exitCode, github.requests]).toEqual([0, []])
    expect(stdout).toContain('has no pull request')
  })

  it('is not the event’s in another repository', async () => {
    const github = await aGitHub({ repo: 'other/shop' })
    const desk = aDesk(github, { 'support.json': red })
    const { exitCode, stderr } = await desk.report(['--repo', 'other/shop'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain('nobody says which commit was judged')
    await desk.report(['--repo', 'other/shop', '--pr', '5', '--head-sha', head.toUpperCase()])
    expect(writes(github)).toEqual(['POST /repos/other/shop/issues/5/comments'])
  })
})

describe('a mistake on the command line', () => {
  it.each([
    ['no token', [], { GITHUB_TOKEN: undefined }, 'there is no token for GitHub'],
    [
      'a token that is none',
      [],
      { GITHUB_TOKEN: 'gh s\u0007' },
      'holds something that is no token',
    ],
    ['no repository', [], { GITHUB_REPOSITORY: '' }, 'nobody says which repository'],
    ['a path as one', ['--repo', '../..'], {}, '"../.." is no repository'],
    ['a short hash', ['--head-sha', 'abc123'], {}, 'expected a full commit hash'],
    ['a link that is none', ['--run-url', 'x) [y](z'], {}, '--run-url is no address'],
    ['an API that is none', [], { GITHUB_API_URL: 'ftp://x' }, 'GITHUB_API_URL is no address'],
    ['another place', ['--to', 'slack'], {}, "argument 'slack' is invalid"],
    ['a number that is none', ['--pr', '5x'], {}, 'whole number'],
  ])('is refused before anything is asked: %s', async (_, argv, more, message) => {
    const github = await aGitHub()
    const desk = aDesk(github, { 'support.json': red })
    const env = Object.fromEntries(
      Object.entries<string | undefined>({ ...desk.env, ...more }).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      ),
    )
    const { runCli } = await import('../run-cli.ts')
    const { exitCode, stderr } = await runCli(
      ['report', 'results', '--to', 'github-comment', ...argv],
      { cwd: desk.cwd, env },
    )
    expect([exitCode, github.requests]).toEqual([2, []])
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('gh s')
  })
})
