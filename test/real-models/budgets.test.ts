import { describe, expect, it } from 'vitest'
import { type CliResult, runCli } from '../cli/run-cli.ts'
import type { FakeRequest } from '../fake-servers/fake-exchange.ts'
import type { FakeServer } from '../fake-servers/start-fake-server.ts'
import { env, type ModelProject, smallModelProject } from './model-project.ts'
import { hasRun, readLines, readResult } from './read-results.ts'
import { service, solveSmall } from './small-services.ts'

/** What a request really uses is about what the estimate expects of it. */
const usage = { input: 200, output: 40 }
const price = { input_per_mtok: 60, output_per_mtok: 60 }
const requestUsd = 0.0144
/** Three requests. */
const dearestTrialUsd = 3 * requestUsd

function pricedService(tokens = usage, latencyMs = 2): Promise<FakeServer> {
  const answer = (request: FakeRequest): object => ({ ...solveSmall(request), usage: tokens })
  return service({ answer, latencyMs })
}

function project(server: FakeServer, more: Partial<ModelProject> = {}): string {
  return smallModelProject({
    providers: { openai: { base_url: server.baseUrl } },
    money: { prices: { m: price } },
    agent: { models: { default: 'openai:m' } },
    trials: 4,
    ...more,
  })
}

function run(cwd: string, more: readonly string[]): Promise<CliResult> {
  return runCli(['run', ...more], { cwd, env })
}

describe('--budget', () => {
  it.each(['1', '2', '8'])('stops in time with %s trials at once, and decides nothing', async (jobs) => {
    const server = await pricedService()
    const cwd = project(server)
    const { exitCode, stderr, stdout } = await run(cwd, ['--budget', '0.10', '-j', jobs])
    const spentUsd = server.requests.length * requestUsd
    expect(spentUsd).toBeGreaterThan(0.05)
    expect(spentUsd).toBeLessThan(0.1 + dearestTrialUsd)
    expect(exitCode).toBe(3)
    expect(stderr).toContain('the budget was spent after 0 trials of every case')
    expect(stdout).toMatch(/the budget was spent with \d cases? untried/)
    const lines = readLines(cwd)
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.map((line) => line.outcome)).toEqual(lines.map(() => 'pass'))
    const { metrics, verdict } = readResult(cwd)
    expect(verdict?.exitCode).toBe(3)
    const spent = Object.values(metrics.spentUsd).reduce<number>((sum, usd = 0) => sum + usd, 0)
    expect(spent).toBeCloseTo(spentUsd, 9)
  })

  it('says which cases were never tried, with a baseline too', async () => {
    const server = await pricedService()
    const cwd = project(server)
    expect((await run(cwd, ['-q', '--no-gate'])).exitCode).toBe(0)
    const update = await runCli(['baseline', 'update'], { cwd })
    expect(update.exitCode, update.stderr).toBe(0)
    const { exitCode, stdout } = await run(cwd, ['--budget', '0.10', '-o', 'poor'])
    expect(exitCode).toBe(3)
    const tried = new Set(readLines(cwd, 'poor').map((line) => line.case.replace('~twin', '')))
    const all = ['inject.note', 'refund.one', 'status.note', 'status.paid']
    const left = all.filter((id) => !tried.has(id))
    expect(left.length).toBeGreaterThan(0)
    expect(stdout).toContain('the budget was spent after 0 of 4 rounds')
    const { status, warnings } = readResult(cwd, 'poor').verdict ?? {}
    expect(status).toBe('inconclusive')
    const names = `${left.length} cases have no trial: ${left.join(', ')}`
    expect(warnings).toContain(`the budget was spent: ${names}`)
  })

  it('is passed by one trial at most where all are far dearer than expected', async () => {
    const server = await pricedService({ input: 3000, output: 600 })
    const cwd = project(server)
    const { exitCode, stdout } = await run(cwd, ['--budget', '0.10', '-q'])
    // The first trial runs alone, and its first request alone spends the budget: it is its last.
    expect(server.requests).toHaveLength(1)
    // Nothing at all is known then, which is less than undecided.
    expect(exitCode).toBe(4)
    expect(stdout).toContain('the budget was spent after 0 of 4 rounds, 4 cases never tried')
  })

  it('counts what the interrupted part of the same run has spent', async () => {
    const server = await pricedService(usage, 20)
    const cwd = project(server)
    const cut = await runCli(['run', '--no-gate', '-q', '--budget', '0.30', '-j', '2'], {
      cwd,
      env,
      onListening: (send) =>
        setTimeout(() => {
          send('SIGINT')
        }, 250),
    })
    expect(cut.exitCode).toBe(130)
    expect(server.requests.length).toBeGreaterThan(3)
    const resumed = await run(cwd, ['--no-gate', '-q', '--budget', '0.30', '--resume'])
    expect(resumed.exitCode).toBe(0)
    // What was in flight at the interrupt was asked and is not known to have been paid.
    const inFlight = 2 * requestUsd
    expect(server.requests.length * requestUsd).toBeLessThan(0.3 + dearestTrialUsd + inFlight)
  })

  it('below one trial is refused before anything is sent', async () => {
    const server = await pricedService()
    const cwd = project(server)
    const { exitCode, stderr } = await run(cwd, ['--budget', '0.001'])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^error: a budget of \$0\.001\d* is below what one trial costs: about \$0\.0/)
    expect(server.requests).toEqual([])
    expect(hasRun(cwd)).toBe(false)
  })

  it('stands in agent-eval.yaml as well, and the option beats it', async () => {
    const server = await pricedService()
    const cwd = project(server, { money: { prices: { m: price }, budget_usd: 0.1 } })
    expect((await run(cwd, ['-q'])).exitCode).toBe(3)
    const spent = server.requests.length
    expect(spent * requestUsd).toBeLessThan(0.1 + dearestTrialUsd)
    const all = await run(cwd, ['-q', '--budget', '100', '--no-gate', '-o', 'more'])
    expect(all.exitCode).toBe(0)
    expect(server.requests.length - spent).toBe(11 * 4)
  })

  it('holds for all eval sets of a command together, and for what the router asks', async () => {
    const answer = (request: FakeRequest): object =>
      request.schema === undefined
        ? { ...solveSmall(request), usage }
        : { json: { tier: 'big', reason: 'all' }, usage }
    const server = await service({ answer })
    const cwd = project(server, {
      agent: {
        model_tier: { router: 'router', executor: 'big' },
        models: { router: 'openai:m', big: 'openai:m' },
      },
    })
    expect((await run(cwd, ['-q', '--budget', '0.10'])).exitCode).toBe(3)
    const dearest = dearestTrialUsd + requestUsd
    expect(server.requests.length * requestUsd).toBeLessThan(0.1 + dearest)
  })
})

describe('a model without a price', () => {
  const unpriced = { money: {} }

  it.each([
    ['a cost gate', ['-q']],
    ['a budget', ['-q', '--no-gate', '--budget', '1']],
  ])('is refused where %s needs one, naming the key to set', async (_, more) => {
    const server = await pricedService()
    const cwd = project(server, unpriced)
    const { exitCode, stderr } = await run(cwd, more)
    expect(exitCode).toBe(2)
    expect(stderr).toContain('openai:m')
    expect(stderr).toContain('money: { prices: { "openai:m": ')
    expect(server.requests).toEqual([])
    expect(hasRun(cwd)).toBe(false)
  })

  it('runs where nobody asks what it costs, and says that this is unknown', async () => {
    const server = await pricedService()
    const cwd = project(server, unpriced)
    const { exitCode, stdout } = await run(cwd, ['-q', '--no-gate'])
    expect(exitCode).toBe(0)
    const { metrics } = readResult(cwd)
    expect(metrics.costPerTaskUsd).toEqual({ n: 0, unknown: 16 })
    expect(metrics.unpricedModels).toEqual(['openai:m'])
    expect(stdout).toContain('unknown price: openai:m; set money.prices in agent-eval.yaml')
    expect(stdout).not.toContain('$0')
  })

  it('an own price of nothing is a price', async () => {
    const server = await pricedService()
    const free = { input_per_mtok: 0, output_per_mtok: 0 }
    const cwd = project(server, { money: { prices: { m: free } } })
    expect((await run(cwd, ['-q', '--budget', '1'])).exitCode).toBe(0)
    expect(readResult(cwd).metrics.costPerTaskUsd).toEqual({ mean: 0, n: 16, unknown: 0 })
  })
})

describe('a person at the terminal', () => {
  const settings = { money: { prices: { m: price }, confirm_above_usd: 0.5 } }
  const argv = ['run', '--no-gate', '-q']

  it('is asked above the limit, and a no sends nothing', async () => {
    const server = await pricedService()
    const cwd = project(server, settings)
    const asked: string[] = []
    const answer = (question: string): string => {
      asked.push(question)
      return 'n'
    }
    const { exitCode, stderr } = await runCli(argv, { cwd, env, isTTY: true, answer })
    expect(asked).toEqual([expect.stringMatching(/^This may cost up to \$\d+\.\d\d\. Go on\? \[y\/N\] $/)])
    expect(exitCode).toBe(2)
    expect(stderr).toContain('error: not started')
    expect(server.requests).toEqual([])
    expect(hasRun(cwd)).toBe(false)
  })

  it.each([
    ['who says yes goes on', 'y', []],
    ['--yes does not ask', undefined, ['--yes']],
    ['a budget below the limit does not ask', undefined, ['--budget', '0.4']],
  ])('%s', async (_, said, more) => {
    const server = await pricedService()
    const cwd = project(server, settings)
    let questions = 0
    const answer = (): string => {
      questions += 1
      return said ?? 'n'
    }
    const { exitCode } = await runCli([...argv, ...more], { cwd, env, isTTY: true, answer })
    expect(exitCode).toBe(0)
    expect(questions).toBe(said === undefined ? 0 : 1)
    expect(server.requests.length).toBeGreaterThan(0)
  })

  it('who is not there is not asked', async () => {
    const server = await pricedService()
    const cwd = project(server, settings)
    expect((await runCli(argv, { cwd, env })).exitCode).toBe(0)
    expect(server.requests).toHaveLength(11 * 4)
  })
})
