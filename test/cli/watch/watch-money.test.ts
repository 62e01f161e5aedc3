import { describe, expect, it } from 'vitest'
import { openProject } from '../../../src/cli/project.ts'
import { envFor, moneyText, watchMoney } from '../../../src/cli/watch/watch-money.ts'
import { folderWith } from '../run-cli.ts'
import { fakeTerminal } from '../terminal/fake-terminal.ts'

type Question = Parameters<typeof watchMoney>[0]

function kindOf({ options, ...changes }: Partial<Question>): string {
  const question = { asked: ['openai:m'], isProgram: false, hasCassette: false, ...changes }
  return watchMoney({ ...question, options: { cassette: 'off', ...options } }).kind
}

describe('the money of a watch', () => {
  it('is spent only after --budget or --yes', () => {
    expect(kindOf({ options: { cassette: 'off', budget: 5 } })).toBe('spends')
    expect(kindOf({ options: { cassette: 'off', yes: true }, hasCassette: true })).toBe('spends')
    expect(kindOf({ options: { cassette: 'record', budget: 5 } })).toBe('spends')
  })

  it('is kept together by a recording where there is one', () => {
    expect(kindOf({ hasCassette: true })).toBe('replays')
    expect(kindOf({ hasCassette: true, asked: [], isProgram: true })).toBe('replays')
    expect(kindOf({ options: { cassette: 'replay', yes: true } })).toBe('replays')
  })

  it('is not needed where no live model is asked', () => {
    expect(kindOf({ asked: [] })).toBe('free')
    expect(kindOf({ asked: [], hasCassette: true })).toBe('free')
    expect(kindOf({ asked: [], isProgram: true })).toBe('free')
  })

  it('is refused where models would be asked that nobody allowed', () => {
    expect(() => kindOf({})).toThrow('--watch would ask openai:m each time a file is saved')
    const options = { cassette: 'record' } as const
    expect(() => kindOf({ options, hasCassette: true })).toThrow(
      '--cassette record asks live models',
    )
  })

  it('is told in words', () => {
    expect(moneyText({ kind: 'spends' }, 2.5)).toBe('live models are asked, for $2.50 at most')
    expect(moneyText({ kind: 'spends' }, undefined)).toBe('live models are asked, with no budget')
  })

  it('is out of reach of runs that may not spend it', async () => {
    const cwd = folderWith({
      'agent-eval.yaml': `
apiVersion: agent-eval/v1
evalsets: [set]
providers: { here: { kind: openai, base_url: "http://127.0.0.1:1/v1", api_key_env: HERE_KEY } }
`,
    })
    const io = { ...fakeTerminal().io, cwd, today: () => '2026-11-22T00:00:00.000Z' }
    const project = await openProject(undefined, io)
    const env = {
      PATH: '/bin',
      OPENAI_API_KEY: 'k',
      ANTHROPIC_API_KEY: 'k',
      HERE_KEY: 'k',
      DB: 'x',
    }
    for (const kind of ['free', 'replays'] as const) {
      expect(envFor({ kind }, env, project)).toEqual({ PATH: '/bin', DB: 'x' })
    }
    expect(envFor({ kind: 'spends' }, env, project)).toEqual(env)
  })
})
