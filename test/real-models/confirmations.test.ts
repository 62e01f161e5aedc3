import { describe, expect, it } from 'vitest'
import { runCli } from '../cli/run-cli.ts'
import { env } from './model-project.ts'
import { price, pricedProject, pricedService } from './priced-project.ts'
import { hasRun } from './read-results.ts'

describe('a person at the terminal', () => {
  const settings = { money: { prices: { m: price }, confirm_above_usd: 0.5 } }
  const argv = ['run', '--no-gate', '-q']

  it('is asked above the limit, and a no sends nothing', async () => {
    const server = await pricedService()
    const cwd = pricedProject(server, settings)
    const asked: string[] = []
    const answer = (question: string): string => {
      asked.push(question)
      return 'n'
    }
    const { exitCode, stderr } = await runCli(argv, { cwd, env, isTTY: true, answer })
    expect(asked).toEqual([
      expect.stringMatching(/^This may cost up to \$\d+\.\d\d\. Go on\? \[y\/N\] $/),
    ])
    expect(exitCode).toBe(2)
    expect(stderr).toContain('error: not started')
    expect(server.requests).toEqual([])
    expect(hasRun(cwd)).toBe(false)
  })

  it.each([
    ['who says yes goes on', 'y', [], 0],
    ['--yes does not ask', undefined, ['--yes'], 0],
    // It ends the run before its last trial, too.
    ['a budget below the limit does not ask', undefined, ['--budget', '0.4'], 3],
  ])('%s', async (_, said, more, code) => {
    const server = await pricedService()
    const cwd = pricedProject(server, settings)
    let questions = 0
    const answer = (): string => {
      questions += 1
      return said ?? 'n'
    }
    const { exitCode } = await runCli([...argv, ...more], { cwd, env, isTTY: true, answer })
    expect(exitCode).toBe(code)
    expect(questions).toBe(said === undefined ? 0 : 1)
    expect(server.requests.length).toBeGreaterThan(0)
  })

  it('who is not there is not asked', async () => {
    const server = await pricedService()
    const cwd = pricedProject(server, settings)
    expect((await runCli(argv, { cwd, env })).exitCode).toBe(0)
    expect(server.requests).toHaveLength(11 * 4)
  })
})
