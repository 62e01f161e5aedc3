import { describe, expect, it } from 'vitest'
import { moneyAtBase } from '../../../src/cli/at-base/money-at-base.ts'
import { type MoneySettings, projectConfig } from '../../../src/schema/project.ts'
import { runResult } from '../../../src/schema/run-result.ts'
import { repositoryIn } from '../../pull-request/repository.ts'
import { onGitHub } from '../../pull-request/shop.ts'
import { env } from '../../real-models/model-project.ts'
import {
  dearestTrialUsd,
  price,
  pricedProject,
  pricedService,
  requestUsd,
} from '../../real-models/priced-project.ts'
import { runCli } from '../run-cli.ts'

function money(budget_usd?: number): MoneySettings {
  const config = { apiVersion: 'agent-eval/v1', evalsets: ['set'], money: { budget_usd } }
  return projectConfig.parse(config).money
}

describe('moneyAtBase', () => {
  it.each([
    [100, 0.1, 0.1, 'base'],
    [undefined, 0.1, 0.1, 'base'],
    [0.1, 100, 0.1, 'here'],
    [0.1, undefined, 0.1, 'here'],
    [0, 5, 0, 'here'],
  ])('here %s, at the base %s: %s holds', (here, base, least, holds) => {
    const found = moneyAtBase(money(here), money(base))
    expect(found.money.budget_usd).toBe(least)
    const what = 'budget of a run in dollars'
    expect(found.changes).toEqual([
      { what, base: String(base ?? 'none'), here: String(here ?? 'none'), holds },
    ])
  })

  it.each([[undefined], [2]])('changes nothing where both say %s', (same) => {
    expect(moneyAtBase(money(same), money(same))).toEqual({ money: money(same), changes: [] })
  })
})

it('a change cannot give itself more money, and --budget is of whoever runs it', async () => {
  const server = await pricedService()
  const prices = { m: price }
  const cwd = pricedProject(server, { money: { prices, budget_usd: 0.1 } })
  const repository = repositoryIn(cwd)
  repository.git('init', '--quiet', '--initial-branch', 'main')
  repository.edit({ '.gitignore': 'agent-eval-results/\n' })
  repository.commit('first')
  repository.git('checkout', '--quiet', '-b', 'feature')
  const file = repository.read('agent-eval.yaml')
  repository.edit({ 'agent-eval.yaml': file.replace('"budget_usd":0.1', '"budget_usd":100') })
  repository.commit('more money')

  const argv = ['run', '-q', '--json', '--allow-unlinted']
  const poor = await runCli(argv, { cwd, env: { ...env, ...onGitHub } })
  expect(poor.exitCode, poor.stderr).toBe(3)
  const spent = server.requests.length
  expect(spent).toBeGreaterThan(0)
  expect(spent * requestUsd).toBeLessThan(0.1 + dearestTrialUsd)
  expect(runResult.parse(JSON.parse(poor.stdout)).verdict?.rules?.changes).toContainEqual({
    ...{ what: 'budget of a run in dollars', base: '0.1', here: '100', holds: 'base' },
  })

  const rich = await runCli([...argv, '--budget', '50'], { cwd, env: { ...env, ...onGitHub } })
  expect(server.requests.length - spent).toBe(11 * 4)
  expect(runResult.parse(JSON.parse(rich.stdout)).verdict?.rules?.changes).toEqual([])
})
