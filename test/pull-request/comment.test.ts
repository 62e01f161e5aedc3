import { cpSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commentMarker } from '../../src/report/markdown/comment-marker.ts'
import { type CliResult, folderWith, runCli } from '../cli/run-cli.ts'
import { type FakeGitHub, startFakeGitHub } from '../fake-servers/github.ts'
import { checkout, copyOf, type Repository } from './repository.ts'
import { agentFile, onGitHub, shopWithBaseline, worseAgent } from './shop.ts'

/** What GitHub makes of target and change, for jobs to test. */
const mergeRef = 'pull/5/merge'

let shop: Repository

beforeAll(async () => {
  shop = await shopWithBaseline()
}, 60_000)

/** A pull request on a host: its repository, and what was said on it. */
interface PullRequest {
  readonly github: FakeGitHub
  /** Pushes a commit with these files, and gives the job that GitHub starts for it. */
  readonly push: (files: Readonly<Record<string, string>>) => Promise<Job>
}

/** A job on a clone of its own; what it leaves behind is what it uploads. */
interface Job {
  readonly head: string
  /** `agent-eval run`, as in the workflow. */
  readonly run: () => Promise<CliResult>
  /** `agent-eval report --to github-comment`, in the same job. */
  readonly comment: () => Promise<CliResult>
  /** The same in a job of its own, which has the upload and nothing else. */
  readonly commentElsewhere: (from?: string) => Promise<CliResult>
}

const open: FakeGitHub[] = []

afterAll(async () => {
  await Promise.all(open.map((one) => one.close()))
})

async function openPullRequest(fork?: string): Promise<PullRequest> {
  const repository = copyOf(shop)
  repository.git('checkout', '--quiet', '-b', 'feature')
  const from = fork === undefined ? {} : { repo: fork }
  const github = await startFakeGitHub({ pulls: [{ number: 5, head: '', ...from }] })
  open.push(github)
  return {
    github,
    push: async (files) => {
      repository.git('checkout', '--quiet', 'feature')
      repository.edit(files)
      const head = repository.commit('change')
      repository.git('checkout', '--quiet', '-B', mergeRef, 'main')
      repository.git('merge', '--quiet', '--no-ff', '-m', 'merge', 'feature')
      github.pull(5).head = head
      return aJob(repository, head, github)
    },
  }
}

function aJob(repository: Repository, head: string, github: FakeGitHub): Job {
  const clone = checkout(repository, mergeRef, ['--depth', '2'])
  const cwd = clone.folder
  const env = {
    ...onGitHub,
    ...secretsOf(github),
    GITHUB_SHA: clone.git('rev-parse', 'HEAD'),
    GITHUB_EVENT_PATH: eventFile({ pull_request: { number: 5, head: { sha: head } } }),
    GITHUB_WORKSPACE: cwd,
  }
  const report = ['report', 'agent-eval-report', '--to', 'github-comment']
  return {
    head,
    run: () => runCli(['run', '-q', '-r', 'json:agent-eval-report/{evalset}.json'], { cwd, env }),
    comment: () => runCli(report, { cwd, env }),
    commentElsewhere: (from = 'acme/shop') => {
      const elsewhere = mkdtempSync(path.join(tmpdir(), 'agent-eval-test-'))
      const upload = path.join(elsewhere, 'agent-eval-report')
      cpSync(path.join(cwd, 'agent-eval-report'), upload, { recursive: true })
      const run = {
        head_sha: head,
        html_url: 'https://github.com/acme/shop/actions/runs/12',
        head_branch: 'feature',
        head_repository: { full_name: from },
      }
      const more = { GITHUB_EVENT_PATH: eventFile({ workflow_run: run }) }
      return runCli(report, { cwd: elsewhere, env: { ...secretsOf(github), ...more } })
    },
  }
}

function secretsOf(github: FakeGitHub): Readonly<Record<string, string>> {
  return {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: github.url,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_RUN_ID: '77',
    GITHUB_TOKEN: github.token,
  }
}

function eventFile(event: unknown): string {
  return path.join(folderWith({ 'event.json': JSON.stringify(event) }), 'event.json')
}

/** Of the one comment that there may be: its first two lines, and the commit that it is about. */
function standing({ comments }: FakeGitHub): string {
  const [only, ...more] = comments
  if (only === undefined || more.length > 0) return `${comments.length} comments`
  expect(only.body.split('\n')[0]).toBe(commentMarker('small'))
  return only.body
}

const good = { [agentFile]: 'agent: { name: good, models: { default: "reference:" } }\n' }

describe('the comment of a pull request', () => {
  it('is one, and says at every push what is so now', async () => {
    const { github, push } = await openPullRequest()

    const first = await push({ [agentFile]: worseAgent })
    expect((await first.run()).exitCode).toBe(1)
    expect((await first.comment()).exitCode).toBe(0)
    expect(standing(github)).toMatch(/^.*\n### agent-eval \(small\): .*regression/)
    expect(standing(github)).toContain(first.head)
    expect(standing(github)).toContain(
      `https://github.com/acme/shop/blob/${first.head}/set/cases/outcome/refund.yaml#L2`,
    )

    const second = await push({ 'notes.md': 'not yet\n' })
    expect((await second.run()).exitCode).toBe(1)
    await second.comment()
    expect(standing(github)).toMatch(/^.*\n### agent-eval \(small\): .*regression/)
    expect(standing(github)).toContain(second.head)
    expect(standing(github)).not.toContain(first.head)

    const third = await push(good)
    expect((await third.run()).exitCode).toBe(0)
    await third.comment()
    expect(standing(github)).toMatch(/^.*\n### agent-eval \(small\): .*pass/)
    expect(standing(github)).toContain(third.head)

    // The second job had waited for a runner, and ends last.
    const green = standing(github)
    const late = await second.comment()
    expect(late.exitCode).toBe(0)
    expect(late.stdout).toContain('nothing written: #5 has a newer head')
    expect(standing(github)).toBe(green)

    const fourth = await push({ 'notes.md': 'and the runner dies\n' })
    await fourth.comment()
    expect(standing(github)).toMatch(/^.*\n### .*error, the newest run left no result/)
    expect(standing(github)).toContain(fourth.head)
    const writes = github.requests.filter(({ method }) => method !== 'GET')
    expect(writes.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'PATCH', 'PATCH'])
  })

  it('is not there while everything is well', async () => {
    const { github, push } = await openPullRequest()
    const job = await push({ 'notes.md': 'a remark\n' })
    expect((await job.run()).exitCode).toBe(0)
    const { stdout } = await job.comment()
    expect(stdout).toContain('small: a pass')
    expect(github.comments).toEqual([])
  })

  it('is the same from a second workflow, which has the result of a fork and no code of it', async () => {
    const { github, push } = await openPullRequest('eve/shop')
    const first = await push({ [agentFile]: worseAgent })
    await first.run()
    // The token of such a job only reads; that of the second may write.
    expect((await first.commentElsewhere('eve/shop')).exitCode).toBe(0)
    expect(standing(github)).toContain(first.head)
    expect(standing(github)).toContain('(https://github.com/acme/shop/actions/runs/12)')
    const second = await push(good)
    await second.run()
    await second.commentElsewhere('eve/shop')
    expect(standing(github)).toMatch(/^.*\n### agent-eval \(small\): .*pass/)
    expect(standing(github)).toContain(second.head)
    const late = await first.commentElsewhere('eve/shop')
    expect(late.stdout).toContain('nothing to comment on')
    expect(standing(github)).toContain(second.head)
  })
})
