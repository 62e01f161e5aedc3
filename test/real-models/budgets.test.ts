import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli, writeFiles } from '../cli/run-cli.ts'
import type { FakeRequest } from '../fake-servers/fake-exchange.ts'
import { env } from './model-project.ts'
import {
  dearestTrialUsd,
  price,
  pricedProject,
  pricedService,
  requestUsd,
  run,
  usage,
} from './priced-project.ts'
import { hasRun, readLines, readResult, runFolder } from './read-results.ts'
import { service, solveSmall } from './small-services.ts'

describe('--budget', () => {
  it.each(['1', '2', '8'])(
    'stops in time with %s trials at once, and decides nothing',
    async (jobs) => {
      const server = await pricedService()
      const cwd = pricedProject(server)
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
    },
  )

  it('says which cases were never tried, with a baseline too', async () => {
    const server = await pricedService()
    const cwd = pricedProject(server)
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
    const cwd = pricedProject(server)
    const { exitCode, stdout } = await run(cwd, ['--budget', '0.10', '-q'])
    // The first trial runs alone, and its first request alone spends the budget: it is its last.
    expect(server.requests).toHaveLength(1)
    // Nothing at all is known then, which is less than undecided.
    expect(exitCode).toBe(4)
    expect(stdout).toContain('the budget was spent after 0 of 4 rounds, 4 cases never tried')
  })

  it('counts what the interrupted part of the same run has spent', async () => {
    const server = await pricedService(usage, 20)
    const cwd = pricedProject(server)
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
    expect(resumed.exitCode).toBe(3)
    // What was in flight at the interrupt was asked and is not known to have been paid.
    const inFlight = 2 * requestUsd
    expect(server.requests.length * requestUsd).toBeLessThan(0.3 + dearestTrialUsd + inFlight)
  })

  it.each([['--no-gate'], []])('is gone on with by a larger one: %s', async (...gate) => {
    const server = await pricedService()
    const cwd = pricedProject(server)
    const poor = await run(cwd, [...gate, '-q', '--budget', '0.10', '-j', '1'])
    expect(poor.exitCode).toBe(3)
    expect(poor.stdout).toMatch(/the budget was spent with \d cases? untried/)
    const before = readLines(cwd)
    const rich = await run(cwd, [...gate, '-q', '--budget', '100', '--resume'])
    expect([rich.exitCode, rich.stderr]).toEqual([0, ''])
    expect(rich.stdout).not.toContain('the budget was spent')
    expect(readLines(cwd).slice(0, before.length)).toEqual(before)
    expect(readLines(cwd)).toHaveLength(5 * 4)
    expect(readResult(cwd)).not.toHaveProperty('stopped')
    // Whoever wants more of them is told so in words.
    const other = await run(cwd, [...gate, '-n', '2', '--resume', path.basename(runFolder(cwd))])
    expect(other.exitCode).toBe(2)
    expect(other.stderr).toContain(
      'it was planned with 4 trials of each case, and this call asks for 2',
    )
  })

  it('below one trial is refused before anything is sent', async () => {
    const server = await pricedService()
    const cwd = pricedProject(server)
    const { exitCode, stderr } = await run(cwd, ['--budget', '0.001'])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(
      /^error: a budget of \$0\.001\d* is below what one trial costs: about \$0\.0/,
    )
    expect(server.requests).toEqual([])
    expect(hasRun(cwd)).toBe(false)
    const dry = await run(cwd, ['--dry-run', '--budget', '0.001'])
    expect(dry.exitCode).toBe(0)
    expect(dry.stdout).toMatch(/A run would be refused: a budget of \$0\.001\d* is below what one/)
    expect((await run(cwd, ['--dry-run', '--budget', '1'])).stdout).not.toContain('refused')
  })

  it('stands in agent-eval.yaml as well, and the option beats it', async () => {
    const server = await pricedService()
    const cwd = pricedProject(server, { money: { prices: { m: price }, budget_usd: 0.1 } })
    expect((await run(cwd, ['-q'])).exitCode).toBe(3)
    const spent = server.requests.length
    expect(spent * requestUsd).toBeLessThan(0.1 + dearestTrialUsd)
    const all = await run(cwd, ['-q', '--budget', '100', '--no-gate', '-o', 'more'])
    expect(all.exitCode).toBe(0)
    expect(server.requests.length - spent).toBe(11 * 4)
  })

  it('holds for what the router asks as well', async () => {
    const answer = (request: FakeRequest): object =>
      request.schema === undefined
        ? { ...solveSmall(request), usage }
        : { json: { tier: 'big', reason: 'all' }, usage }
    const server = await service({ answer })
    const cwd = pricedProject(server, {
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

/** Asks a model twice for every task, and says what it said. */
const ownAgent = `
const { OPENAI_API_KEY: key, OPENAI_BASE_URL: base } = process.env
const headers = { 'content-type': 'application/json', authorization: 'Bearer ' + key }
const ask = async (messages) => {
  const body = JSON.stringify({ model: 'm', messages })
  const answer = await fetch(base + '/chat/completions', { method: 'POST', headers, body })
  if (!answer.ok) process.exit(1)
  return (await answer.json()).choices[0].message.content
}
let words = ''
for await (const chunk of process.stdin) words += chunk
const messages = [{ role: 'user', content: words }]
messages.push({ role: 'assistant', content: await ask(messages) })
console.log(await ask(messages))
`

describe('--budget with an agent of ones own', () => {
  it('stops in time as well, though nobody knows before what it asks', async () => {
    const server = await service({ answer: () => ({ text: 'It cost $90.', usage }), latencyMs: 2 })
    const cwd = pricedProject(server, {
      agent: { target: { command: [process.execPath, 'agent.mjs'], protocol: 'text' } },
    })
    writeFiles(cwd, { 'set/agents/agent.mjs': ownAgent })
    const { exitCode, stderr } = await run(cwd, ['--budget', '0.10', '-j', '4'])
    expect(exitCode, stderr).toBe(3)
    expect(stderr).toContain('the budget was spent after 0 trials of every case')
    expect(readLines(cwd).length).toBeGreaterThan(1)
    expect(server.requests.length * requestUsd).toBeGreaterThan(0.05)
    expect(server.requests.length * requestUsd).toBeLessThan(0.1 + 2 * requestUsd)
  })
})

describe('an agent of ones own with a model without a price', () => {
  it('ends a run that has a budget before anything is sent: nobody could keep it', async () => {
    const server = await service({ answer: () => ({ text: 'It cost $90.', usage }) })
    const cwd = pricedProject(server, {
      money: {},
      agent: { target: { command: [process.execPath, 'agent.mjs'], protocol: 'text' } },
    })
    writeFiles(cwd, { 'set/agents/agent.mjs': ownAgent })
    const { exitCode, stderr } = await run(cwd, ['--budget', '0.10', '-q'])
    expect(exitCode).toBe(4)
    expect(stderr).toMatch(/^error: no price is known, and the run has a budget: .*"openai:m"/)
    expect(server.requests).toEqual([])
  })
})
