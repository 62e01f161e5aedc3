import { describe, expect, it } from 'vitest'
import { pricedProject, pricedService, run } from './priced-project.ts'
import { hasRun, readResult } from './read-results.ts'

describe('a model without a price', () => {
  const unpriced = { money: {} }

  it.each([
    ['a cost gate', ['-q']],
    ['a budget', ['-q', '--no-gate', '--budget', '1']],
  ])('is refused where %s needs one, naming the key to set', async (_, more) => {
    const server = await pricedService()
    const cwd = pricedProject(server, unpriced)
    const { exitCode, stderr } = await run(cwd, more)
    expect(exitCode).toBe(2)
    expect(stderr).toContain('openai:m')
    expect(stderr).toContain('money: { prices: { "openai:m": ')
    expect(server.requests).toEqual([])
    expect(hasRun(cwd)).toBe(false)
  })

  it('runs where nobody asks what it costs, and says that this is unknown', async () => {
    const server = await pricedService()
    const cwd = pricedProject(server, unpriced)
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
    const cwd = pricedProject(server, { money: { prices: { m: free } } })
    expect((await run(cwd, ['-q', '--budget', '1'])).exitCode).toBe(0)
    expect(readResult(cwd).metrics.costPerTaskUsd).toEqual({ mean: 0, n: 16, unknown: 0 })
  })

  it('is told with every decider, and with the key that was probably meant', async () => {
    const server = await pricedService()
    const free = { input_per_mtok: 0, output_per_mtok: 0 }
    const cwd = pricedProject(server, {
      agent: { models: { default: 'openai:model' } },
      money: { prices: { 'openai:modle': free } },
    })
    const { exitCode, stderr } = await run(cwd, ['-q', '--budget', '1'])
    expect(exitCode).toBe(2)
    const deciders = 'costPerTask is among the gated metrics, and the run has a budget in dollars'
    expect(stderr).toContain(deciders)
    expect(stderr).toContain('"openai:modle"?')
    const warning = 'warning: money.prices: no model that is used is called "openai:modle"'
    expect(stderr).toContain(`${warning}; did you mean "openai:model"?`)

    const dry = await run(cwd, ['--dry-run', '--budget', '1'])
    expect([dry.exitCode, dry.stdout]).toEqual([
      0,
      expect.stringContaining('A run would be refused:'),
    ])
    expect(dry.stdout.replaceAll(/\s+/g, ' ')).toContain(deciders)
  })

  it('warns of no price that a model of the run has', async () => {
    const server = await pricedService()
    const free = { input_per_mtok: 0, output_per_mtok: 0 }
    const prices = { m: free, 'openai:m': free, 'm-2026': free, other: free }
    const cwd = pricedProject(server, { money: { prices } })
    const { stderr } = await run(cwd, ['--dry-run'])
    expect(stderr).toBe('warning: money.prices: no model that is used is called "other"\n')
    expect((await run(cwd, ['--dry-run', '--model', 'default=openai:m'])).stderr).toBe('')
  })
})
