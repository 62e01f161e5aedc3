import { beforeAll, describe, expect, it } from 'vitest'
import { type RunResult, runResult } from '../../src/schema/run-result.ts'
import { runCli } from '../cli/run-cli.ts'
import { copyOf, type Repository } from './repository.ts'
import {
  agentFile,
  judge,
  onGitHub,
  refundFile,
  setFile,
  setWith,
  shopWithBaseline,
  worseAgent,
} from './shop.ts'

let main: Repository

beforeAll(async () => {
  main = await shopWithBaseline()
}, 60_000)

/** The verdict of three jobs of a pull request and of the one that puts them together. */
async function judgeShards({ folder: cwd }: Repository): Promise<RunResult & { exitCode: number }> {
  for (const index of [1, 2, 3]) {
    const argv = ['run', '-q', '--shard', `${index}/3`, '-o', `shards/job-${index}`]
    const { exitCode, stderr } = await runCli(argv, { cwd, env: onGitHub })
    expect([stderr, exitCode]).toEqual(['', 0])
  }
  const argv = ['compare', 'shards', '--expect-shards', '3', '--json']
  const { exitCode, stderr, stdout } = await runCli(argv, { cwd, env: onGitHub })
  if (stdout === '') throw new Error(stderr)
  return { ...runResult.parse(JSON.parse(stdout)), exitCode }
}

const suspended = 'status: { quarantined: { reason: flaky, owner: ada, expires: "2027-01-01" } }\n'

describe('shards of a pull request', () => {
  it.each<[string, number, Readonly<Record<string, string | undefined>>]>([
    ['changes nothing that matters', 0, { 'README.md': 'more' }],
    ['makes the agent worse', 1, { [agentFile]: worseAgent }],
    ['deletes the failing case as well', 0, { [agentFile]: worseAgent, [refundFile]: undefined }],
    [
      'loosens the gate as well',
      1,
      { [agentFile]: worseAgent, [setFile]: setWith('margins: { tsr: 0.9 }', 'asr') },
    ],
    [
      'tries every case once as well',
      1,
      { [agentFile]: worseAgent, [setFile]: setWith('').replace('trials: 8', 'trials: 1') },
    ],
  ])('give the verdict of one run where it %s', async (_, code, files) => {
    const change = copyOf(main)
    change.git('checkout', '--quiet', '-b', 'feature')
    change.edit(files)
    change.commit('change')
    const whole = await judge(change)
    const merged = await judgeShards(change)
    expect(merged.verdict).toEqual(whole.verdict)
    expect(merged.cases).toEqual(whole.result.cases)
    expect(merged.metrics).toEqual(whole.result.metrics)
    expect([whole.exitCode, merged.exitCode]).toEqual([code, code])
  })

  it('count a case by the rules of the base that the change itself puts aside', async () => {
    const change = copyOf(main)
    change.git('checkout', '--quiet', '-b', 'feature')
    change.edit({ [agentFile]: worseAgent, [refundFile]: `${main.read(refundFile)}${suspended}` })
    change.commit('change')
    const whole = await judge(change)
    const merged = await judgeShards(change)
    expect(merged.verdict).toEqual(whole.verdict)
    expect(merged.verdict?.cases.moved.map((one) => one.id)).toEqual(['refund.one'])
    expect(merged.exitCode).toBe(1)
  })
})
