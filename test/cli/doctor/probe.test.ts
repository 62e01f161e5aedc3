import { describe, expect, it, onTestFinished } from 'vitest'
import { type DoctorFinding, doctorReport } from '../../../src/schema/doctor-report.ts'
import {
  type FakeServer,
  type FakeServerOptions,
  startFakeServer,
} from '../../fake-servers/start-fake-server.ts'
import { folderWith, runCli } from '../run-cli.ts'
import { smallProject } from '../small-set.ts'

/** The matcher is of type `any`, which no object of a test should take on. */
const saying = (part: string): unknown => expect.stringContaining(part)

const key = 'sk-test-0123456789abcdefghij'

async function server(options: Partial<FakeServerOptions> = {}): Promise<FakeServer> {
  const started = await startFakeServer({
    kind: 'openai',
    answer: () => ({ text: 'ok' }),
    key,
    ...options,
  })
  onTestFinished(() => started.close())
  return started
}

/** Two tiers of one service, and one of another: two services. */
function project(openai: FakeServer, anthropic: FakeServer, money = ''): string {
  return folderWith({
    ...smallProject,
    'agent-eval.yaml': `
apiVersion: agent-eval/v1
evalsets: [set]
providers:
  near: { kind: openai, base_url: "${openai.baseUrl}", api_key_env: NEAR_KEY }
  far: { kind: anthropic, base_url: "${anthropic.baseUrl}", api_key_env: FAR_KEY }
money: { prices: { "near:small-1": { input_per_mtok: 1, output_per_mtok: 10 } } ${money} }
`,
    'set/agents/good.yaml': `
agent:
  name: good
  model_tier: { router: small, executor: big }
  models: { small: "near:small-1", big: "far:claude-x-20250101", other: "near:small-2" }
`,
  })
}

const env = { NEAR_KEY: key, FAR_KEY: key }

async function probes(
  cwd: string,
  argv: readonly string[] = ['--probe'],
  given: Readonly<Record<string, string>> = env,
): Promise<{ probes: readonly DoctorFinding[]; stderr: string; exitCode: number }> {
  const { exitCode, stderr, stdout } = await runCli(['doctor', '--json', ...argv], {
    cwd,
    env: given,
  })
  const { findings } = doctorReport.parse(JSON.parse(stdout))
  return { exitCode, stderr, probes: findings.filter((one) => one.check === 'probe') }
}

describe('doctor --probe', () => {
  it('asks one model of each service once, for few tokens, and says the price class first', async () => {
    const [openai, anthropic] = [await server(), await server({ kind: 'anthropic' })]
    const seen = await probes(project(openai, anthropic))
    expect(seen.probes.map(({ about, status }) => [about, status])).toEqual([
      ['far', 'ok'],
      ['near', 'ok'],
    ])
    expect(openai.requests).toHaveLength(1)
    expect(anthropic.requests).toHaveLength(1)
    expect(anthropic.requests[0]?.body['max_tokens']).toBe(64)
    // 64 tokens of either kind at most: 64 * 1 + 64 * 10 dollars a million.
    expect(seen.stderr).toMatch(
      /^asking one request each to far:claude-x-20250101, near:small-1, at most \$0\.000704 and what has no price$/m,
    )
    expect(seen.probes[1]?.message).toMatch(/^near:small-1 answered in .* as .*, \$0\.000/)
  })

  it('sends nothing without it, and says what it would send', async () => {
    const [openai, anthropic] = [await server(), await server({ kind: 'anthropic' })]
    const seen = await probes(project(openai, anthropic), [])
    expect([...openai.requests, ...anthropic.requests]).toEqual([])
    expect(seen.probes).toMatchObject([{ status: 'skipped', message: saying('at most $0.000704') }])
  })

  it('sends nothing that a budget forbids, or whose price nobody knows', async () => {
    const [openai, anthropic] = [await server(), await server({ kind: 'anthropic' })]
    const seen = await probes(project(openai, anthropic, ', budget_usd: 0.5'))
    expect([...openai.requests, ...anthropic.requests]).toEqual([])
    expect(seen.probes).toMatchObject([
      { status: 'skipped', message: saying('money.budget_usd is $0.5') },
    ])
  })

  it('fails for a key that is refused, without showing it, and asks the other service', async () => {
    const [openai, anthropic] = [
      await server(),
      await server({ kind: 'anthropic', key: 'another' }),
    ]
    const seen = await probes(project(openai, anthropic))
    expect(seen.probes).toMatchObject([
      { about: 'far', status: 'fail', fix: saying('accepts') },
      { about: 'near', status: 'ok' },
    ])
    expect(JSON.stringify(seen)).not.toContain(key)
    expect(seen.exitCode).toBe(1)
    expect(anthropic.requests).toHaveLength(1)
  })

  it('fails for a service that is down, without asking again', async () => {
    const down = await server({ faults: [{ kind: 'status', status: 503 }] })
    const seen = await probes(project(down, await server({ kind: 'anthropic' })))
    expect(seen.probes[1]).toMatchObject({ about: 'near', status: 'fail' })
    expect(down.requests).toHaveLength(1)
  })

  it('does not ask without a key', async () => {
    const [openai, anthropic] = [await server(), await server({ kind: 'anthropic' })]
    const seen = await probes(project(openai, anthropic), ['--probe'], { FAR_KEY: key })
    expect(seen.probes[1]).toMatchObject({
      about: 'near',
      status: 'fail',
      message: saying('NEAR_KEY is not set'),
    })
    expect(openai.requests).toEqual([])
  })
})
