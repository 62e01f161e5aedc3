import { afterEach, describe, expect, it } from 'vitest'
import { commentMarker } from '../../../src/report/markdown/comment-marker.ts'
import { aProvenance, aRunResult } from '../../builders/result.ts'
import { aVerdict } from '../../builders/verdict.ts'
import { type FakeGitHub, startFakeGitHub } from '../../fake-servers/github.ts'
import { runCli } from '../run-cli.ts'
import { aDesk, type Desk, head, newer } from './desk.ts'

const bot = { login: 'github-actions[bot]', type: 'Bot' }
const red = aRunResult({ verdict: aVerdict({ status: 'regression', exitCode: 1 }) })
const noResult = /^.*\n### agent-eval \(.*\): error, the newest run left no result$/m

let servers: FakeGitHub[] = []

afterEach(async () => {
  await Promise.all(servers.map((one) => one.close()))
  servers = []
})

async function aGitHub(standing: readonly string[] = [], repo?: string): Promise<FakeGitHub> {
  const from = repo === undefined ? {} : { repo }
  const made = await startFakeGitHub({ pulls: [{ number: 5, head, ...from }] })
  servers.push(made)
  for (const evalSet of standing) {
    made.write({ pull: 5, ...bot, body: `${commentMarker(evalSet)}\n### agent-eval: pass\n` })
  }
  return made
}

function bodies({ comments }: FakeGitHub): readonly string[] {
  return comments.map(({ body }) => body)
}

/** What a job says that has nothing to report. */
function missing(desk: Desk, ...argv: readonly string[]): ReturnType<typeof runCli> {
  const { cwd, env } = desk
  return runCli(['report', 'gone', '--to', 'github-comment', ...argv], { cwd, env })
}

describe('a run that left no result', () => {
  it('takes its green from every comment of ours, and says where to look', async () => {
    const github = await aGitHub(['first', 'second'])
    const theirs = { pull: 5, login: 'mallory', type: 'User', body: `${commentMarker('x')}\npass` }
    github.write(theirs)
    const { exitCode, stderr } = await missing(aDesk(github, {}))
    expect([exitCode, stderr]).toEqual([0, 'gone: there is no such run, result or folder\n'])
    const [first = '', second = '', foreign] = bodies(github)
    expect(first).toMatch(noResult)
    expect(first).toContain('This is **not** a pass.')
    expect(first).toContain(head)
    expect(first).toContain('[run](https://github.com/acme/shop/actions/runs/77)')
    expect(second.split('\n')[0]).toBe(commentMarker('second'))
    expect(second).toMatch(noResult)
    expect(foreign).toBe(theirs.body)
  })

  it('is not said where nothing of ours stands, unless the eval set is named', async () => {
    const github = await aGitHub()
    const desk = aDesk(github, {})
    const quiet = await missing(desk)
    expect([quiet.exitCode, bodies(github)]).toEqual([0, []])
    expect(quiet.stdout).toContain('no comment of ours stands on #5')
    const { stdout } = await missing(desk, '--evalset', 'support')
    expect(stdout).toContain('support: comment written')
    expect(bodies(github)).toEqual([expect.stringMatching(noResult)])
    await missing(desk, '--evalset', 'support')
    expect(bodies(github)).toHaveLength(1)
  })

  it('is followed by one that has a result: the same comment', async () => {
    const github = await aGitHub(['support'])
    const desk = aDesk(github, {})
    await missing(desk)
    desk.write({ 'support.json': red })
    await desk.report()
    expect(bodies(github)).toHaveLength(1)
    expect(bodies(github)[0]).not.toMatch(noResult)
  })

  it('says nothing about a commit that is no longer the head', async () => {
    const github = await aGitHub(['support'])
    github.pull(5).head = newer
    await missing(aDesk(github, {}), '--evalset', 'support')
    expect(bodies(github)[0]).toContain('### agent-eval: pass')
  })

  it.each([
    ['an empty folder', {}, 'holds no result'],
    ['half a document', { 'support.json': '{"kind":"RunResult"' }, 'support.json: is not JSON'],
    [
      'a document of nobody',
      { 'support.json': { kind: 'RunResult', verdict: 'pass' } },
      'apiVersion',
    ],
    [
      'two results of one eval set',
      { 'a.json': red, 'b.json': red },
      'there are 2 results of support',
    ],
  ])('is also %s', async (_, documents, message) => {
    const github = await aGitHub(['support'])
    const desk = aDesk(github, { 'readme.txt': 'x', ...documents })
    const { exitCode, stderr } = await desk.report()
    expect(exitCode).toBe(0)
    expect(stderr).toContain(message)
    expect(bodies(github)[0]).toMatch(noResult)
  })

  it('of one eval set leaves the other its result', async () => {
    const github = await aGitHub(['support', 'other'])
    const desk = aDesk(github, { 'support.json': red, 'other.json': '{ torn' })
    await desk.report()
    const [support = '', other = ''] = bodies(github)
    expect(support).not.toMatch(noResult)
    expect(other).toMatch(noResult)
    expect(other).toContain('other.json: is not JSON')
  })

  it('is told by name where others have one', async () => {
    const github = await aGitHub(['elsewhere'])
    const desk = aDesk(github, { 'support.json': red })
    await desk.report(['--evalset', 'support', '--evalset', 'lost'])
    const of = (evalSet: string): string =>
      bodies(github).find((body) => body.startsWith(commentMarker(evalSet))) ?? ''
    expect(of('lost')).toMatch(noResult)
    expect(of('support')).not.toMatch(noResult)
    // Of another job: nothing here says that it failed.
    expect(of('elsewhere')).toContain('### agent-eval: pass')
  })

  it('does not quote a foreign document as it stands', async () => {
    const github = await aGitHub(['support'])
    const hostile = JSON.stringify({
      ...red,
      '<img src=x> @everyone [x](http://evil.example)': 1,
    })
    await aDesk(github, { 'support.json': hostile }).report()
    expect(bodies(github)[0]).toMatch(noResult)
    expect(bodies(github)[0]).not.toMatch(/<img|@everyone|\]\(http:\/\/evil/)
  })
})

describe('a run that failed', () => {
  const workflowRun = (conclusion: string | null): unknown => ({
    workflow_run: { head_sha: head, conclusion, html_url: 'https://github.com/acme/shop/runs/12' },
  })
  const green = aRunResult({ verdict: aVerdict() })
  const skipped = {
    apiVersion: 'agent-eval/v1',
    kind: 'SkippedRun',
    provenance: aProvenance(),
    baseline: 'baseline.json',
  }
  const disagrees = /^### agent-eval \(support\): error, result and run disagree$/m

  it.each([
    ['pass', 'failure', green],
    ['pass', 'timed_out', green],
    ['skipped', 'failure', skipped],
  ])('is no %s where it ended with %s', async (says, conclusion, document) => {
    const github = await aGitHub(['support'])
    await aDesk(github, { 'support.json': document }, workflowRun(conclusion)).report()
    const [body = '', ...more] = bodies(github)
    expect(more).toEqual([])
    expect(body).toMatch(disagrees)
    expect(body).toContain(`the document says ${says} and the run ended with`)
    expect(body).toContain('This is **not** a pass.')
  })

  it.each([
    ['success', green],
    [null, green],
    ['failure', red],
  ])('and its document agree: %s', async (conclusion, document) => {
    const github = await aGitHub(['support'])
    await aDesk(github, { 'support.json': document }, workflowRun(conclusion)).report()
    expect(bodies(github)[0]).not.toMatch(disagrees)
  })

  it('of a fork says whose job measured it', async () => {
    const own = 'only the required status check decides.'
    const github = await aGitHub(['support'])
    await aDesk(github, { 'support.json': green }, workflowRun('success')).report()
    expect(bodies(github)[0]).not.toContain(own)
    const foreign = await aGitHub(['support'], 'mallory/shop')
    await aDesk(foreign, { 'support.json': green }, workflowRun('success')).report()
    expect(bodies(foreign)[0]).toContain(own)
  })
})

describe('results of one eval set', () => {
  it('are one where only one of them decides', async () => {
    const github = await aGitHub()
    const part = { ...red, verdict: undefined }
    await aDesk(github, { 'a.json': part, 'b.json': red, 'c.json': part }).report()
    expect(bodies(github)).toHaveLength(1)
    expect(bodies(github)[0]).not.toMatch(noResult)
  })

  it('are not those of another: each id has its comment', async () => {
    const github = await aGitHub()
    const other = {
      ...red,
      provenance: aProvenance({ evalSet: { id: 'b', version: '1', hash: 'h' } }),
    }
    await aDesk(github, { 'a.json': red, 'b.json': other }).report()
    expect(bodies(github)).toHaveLength(2)
  })
})
