import { describe, expect, it } from 'vitest'
import { type CliResult, runCli } from '../cli/run-cli.ts'
import type { FakeRequest } from '../fake-servers/fake-exchange.ts'
import { env } from './model-project.ts'
import {
  dearestTrialUsd,
  price,
  pricedProject,
  pricedService,
  requestUsd,
  usage,
} from './priced-project.ts'
import { service, solveSmall } from './small-services.ts'

function aa(
  cwd: string,
  more: readonly string[],
  answer?: (question: string) => string | undefined,
): Promise<CliResult> {
  return runCli(['gate', 'aa', ...more], { cwd, env, ...(answer !== undefined && { answer }) })
}

describe('gate aa with a model', () => {
  it('says what both arms have cost', async () => {
    const server = await pricedService()
    const { exitCode, stderr } = await aa(pricedProject(server), ['-n', '1'])
    expect([exitCode, server.requests.length]).toEqual([0, 18])
    expect(stderr).toBe('spent on models: $0.259\n')
  })

  it('sends nothing where the budget is below what both arms cost', async () => {
    const server = await pricedService()
    const money = { prices: { m: price }, budget_usd: 0.05 }
    const { exitCode, stderr } = await aa(pricedProject(server, { money }), ['-n', '2'])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(
      /^error: a budget of \$0\.050* is below what 16 trials cost, about \$0\./,
    )
    expect(server.requests).toEqual([])
  })

  it.each(['1', '8'])('ends in time by the budget and says so, with -j %s', async (jobs) => {
    const dear = 8
    const server = await service({
      answer: (request: FakeRequest) => ({
        ...solveSmall(request),
        usage: { input: dear * usage.input, output: dear * usage.output },
      }),
      latencyMs: 2,
    })
    const cwd = pricedProject(server)
    const { exitCode, stderr } = await aa(cwd, ['-n', '2', '--budget', '0.5', '-j', jobs])
    expect(exitCode).toBe(4)
    expect(stderr).toMatch(/^error: the budget of \$0\.50 ended this .*; \$0\.\d+ was spent/)
    expect(stderr).toContain('raise --budget')
    expect(server.requests.length).toBeGreaterThan(0)
    expect(server.requests.length * dear * requestUsd).toBeLessThan(0.5 + dear * dearestTrialUsd)
  })

  it('is refused where the gate needs a price that nobody knows', async () => {
    const server = await pricedService()
    const { exitCode, stderr } = await aa(pricedProject(server, { money: {} }), [])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^error: no price is known for "openai:m"/)
    expect(server.requests).toEqual([])
  })

  it('asks above the limit, and not with --yes', async () => {
    const server = await pricedService()
    const money = { prices: { m: price }, confirm_above_usd: 0.01 }
    const cwd = pricedProject(server, { money })
    const asked = await aa(cwd, ['-n', '1'], () => 'n')
    expect([asked.exitCode, server.requests.length]).toEqual([2, 0])
    expect(asked.stderr).toMatch(/^This may cost up to \$\d+\.\d+\. Go on\? /)
    expect((await aa(cwd, ['-n', '1', '--yes'], () => 'n')).exitCode).toBe(0)
  })
})

it.each([['self-test'], ['power', '--assume-tsr', '0.9']])(
  'gate %s asks no model',
  async (...argv) => {
    const server = await pricedService()
    const asked = await runCli(['gate', ...argv], { cwd: pricedProject(server), env })
    expect(asked.stderr).not.toContain('error')
    expect(asked.stdout).not.toBe('')
    expect(server.requests).toEqual([])
  },
)
