import { describe, expect, it, onTestFinished } from 'vitest'
import { policiesAtBase } from '../../../src/cli/at-base/policies-at-base.ts'
import { type ProjectConfig, projectConfig } from '../../../src/schema/project.ts'
import { runResult } from '../../../src/schema/run-result.ts'
import { type FakeOpa, startFakeOpa } from '../../fake-servers/opa.ts'
import { type Repository, repositoryWith } from '../../pull-request/repository.ts'
import { onGitHub } from '../../pull-request/shop.ts'
import { anAgent, projectWith } from '../policy/refund-set.ts'
import { type CliResult, folderWith, runCli } from '../run-cli.ts'
import { smallProject } from '../small-set.ts'

function allowing(names: readonly string[], providers = {}): ProjectConfig {
  const policies = { token_env: names }
  return projectConfig.parse({
    ...{ apiVersion: 'agent-eval/v1', evalsets: ['set'], policies, providers },
  })
}

describe('policiesAtBase', () => {
  it.each([
    [['A'], ['A', 'B'], ['A'], 'here'],
    [['A', 'B'], ['A'], ['A'], 'base'],
    [['A', 'C'], ['A', 'B'], ['A'], 'base'],
    [['A'], [], [], 'base'],
  ])('here %j, at the base %j: %j', (here, base, both, holds) => {
    const { changes, policies } = policiesAtBase(allowing(here), allowing(base))
    expect(policies.token_env).toEqual(both)
    expect(changes).toMatchObject([{ what: 'environment variables that policies may send', holds }])
  })

  it('allows nothing where the base has no project file', () => {
    expect(policiesAtBase(allowing(['A']), undefined).policies.token_env).toEqual([])
  })

  it('changes nothing where both say the same, in whatever order', () => {
    const { changes, policies } = policiesAtBase(allowing(['B', 'A']), allowing(['A', 'B', 'A']))
    expect([policies.token_env, changes]).toEqual([['A', 'B'], []])
  })

  it('never allows the key of a model service, of here or of the base', () => {
    const names = ['OPENAI_API_KEY', 'anthropic_api_key', 'OURS']
    const withKey = allowing(names, { gateway: { kind: 'openai', api_key_env: 'OURS' } })
    expect(policiesAtBase(withKey, withKey).policies.token_env).toEqual([])
    expect(policiesAtBase(allowing(names), withKey).policies.token_env).toEqual([])
    expect(policiesAtBase(withKey, allowing(names)).policies.token_env).toEqual([])
  })
})

const token = 's3cr3t-token-of-opa'
const env = { OPA_TOKEN: token, OPENAI_API_KEY: token, OURS: token, HOME_OF_IT: token }

async function serving(): Promise<FakeOpa> {
  const decide = (): { decision: string; reason: string } => ({
    decision: 'deny',
    reason: `not with ${token}`,
  })
  const server = await startFakeOpa({ decide })
  onTestFinished(() => server.close())
  return server
}

function agentAsking({ url }: FakeOpa, name: string): string {
  const agent = anAgent([]).replace(
    'rules: []',
    `opa: { url: "${url}", path: support/decision, token_env: ${name} }`,
  )
  expect(agent).toContain(name)
  return agent
}

function fileAllowing(names: string): string {
  return `${smallProject['agent-eval.yaml'] ?? ''}policies: { token_env: [${names}] }\n`
}

const aTest = `apiVersion: agent-eval/v1
kind: PolicyTest
candidate: ../agents/good.yaml
tests: [{ name: one, tool: orders.refund, args: { id: O-1 }, expect: allow }]
`

function repositoryOf(server: FakeOpa, { name, allowed }: { name: string; allowed?: string }) {
  return repositoryWith(
    projectWith(agentAsking(server, name), {
      'set/policy-tests/one.policy-test.yaml': aTest,
      ...(allowed !== undefined && { 'agent-eval.yaml': fileAllowing(allowed) }),
    }),
  )
}

function ask({ folder: cwd }: Repository, argv: string, more = {}): Promise<CliResult> {
  return runCli([...argv.split(' ')], { cwd, env: { ...env, ...more } })
}

const commands = ['policy test', 'run -q --json --allow-unlinted', 'run -q --no-gate --json']

describe('a variable that a policy wants to send', () => {
  it.each(commands)('is not sent by `%s` where nobody allowed it', async (command) => {
    const server = await serving()
    const { exitCode, stderr } = await ask(repositoryOf(server, { name: 'HOME_OF_IT' }), command)
    expect(exitCode, stderr).toBe(2)
    expect(stderr).toContain(
      'candidate "good": policy.opa.token_env: policies may not send the environment variable HOME_OF_IT',
    )
    expect(stderr).toContain('add to agent-eval.yaml:  policies: { token_env: [HOME_OF_IT] }')
    expect(stderr).not.toContain(token)
    expect(server.requests).toEqual([])
  })

  it.each(['OPENAI_API_KEY', 'OURS'])('is not sent where it is a key: %s', async (name) => {
    const server = await serving()
    const repository = repositoryOf(server, { name, allowed: name })
    const file = repository.read('agent-eval.yaml')
    repository.edit({
      'agent-eval.yaml': `${file}providers: { own: { kind: openai, base_url: "http://127.0.0.1:9/v1", api_key_env: OURS } }\n`,
    })
    const { exitCode, stderr } = await ask(repository, 'policy test')
    expect(exitCode, stderr).toBe(2)
    expect(stderr).toContain(`${name} holds the key of a model service`)
    expect(server.requests).toEqual([])
  })

  it('is sent where the project file allows it, and is in no output', async () => {
    const server = await serving()
    const repository = repositoryOf(server, { name: 'OPA_TOKEN', allowed: 'OPA_TOKEN' })
    const { exitCode, stderr, stdout } = await ask(repository, 'policy test --json')
    expect(exitCode, stderr).toBe(1)
    expect(server.requests[0]?.headers['authorization']).toBe(`Bearer ${token}`)
    expect(stdout).toContain('not with …')
    expect(stdout + stderr).not.toContain(token)
  })
})

it('a variable that may be sent is in no output of `policy test`, whoever says it', async () => {
  const cwd = folderWith(
    projectWith(anAgent([]), {
      'agent-eval.yaml': fileAllowing('HOME_OF_IT'),
      'set/policy-tests/one.policy-test.yaml': aTest.replace('O-1', token),
    }),
  )
  const { exitCode, stdout } = await runCli(['policy', 'test', '--json'], {
    cwd,
    env: { HOME_OF_IT: token },
  })
  expect(exitCode).toBe(0)
  expect(stdout).toContain('[redacted:')
  expect(stdout).not.toContain(token)
})

describe('a change', () => {
  async function allowingItself(): Promise<{ repository: Repository; server: FakeOpa }> {
    const server = await serving()
    const repository = repositoryWith(smallProject)
    repository.git('checkout', '--quiet', '-b', 'feature')
    repository.edit({
      'agent-eval.yaml': fileAllowing('HOME_OF_IT'),
      'set/agents/good.yaml': agentAsking(server, 'HOME_OF_IT'),
      'set/policy-tests/one.policy-test.yaml': aTest,
    })
    repository.commit('a policy that wants to know')
    return { repository, server }
  }

  it.each(commands)('cannot allow itself a variable: `%s`', async (command) => {
    const { repository, server } = await allowingItself()
    const { exitCode, stderr } = await ask(repository, command, onGitHub)
    expect(exitCode, stderr).toBe(2)
    expect(stderr).toContain('policies may not send the environment variable HOME_OF_IT')
    expect(server.requests).toEqual([])
  })

  it('cannot by the policy that judges, not even for lint', async () => {
    const { repository, server } = await allowingItself()
    const opa = `opa: { url: "${server.url}", path: support/decision, token_env: HOME_OF_IT }`
    repository.edit({ 'set/policy.yaml': `${repository.read('set/policy.yaml')}${opa}\n` })
    const { exitCode, stderr } = await ask(repository, 'lint', onGitHub)
    expect(exitCode, stderr).toBe(2)
    expect(stderr).toContain('set/policy.yaml: policy.opa.token_env: policies may not send')
    expect(server.requests).toEqual([])
  })

  it('uses one once the base allows it', async () => {
    const { repository, server } = await allowingItself()
    repository.git('checkout', '--quiet', 'main')
    repository.edit({ 'agent-eval.yaml': fileAllowing('HOME_OF_IT') })
    repository.commit('allowed')
    repository.git('checkout', '--quiet', 'feature')
    repository.git('rebase', '--quiet', 'main')
    const { stderr, stdout } = await ask(repository, 'run -q --json --allow-unlinted', onGitHub)
    expect(server.requests[0]?.headers['authorization'], stderr).toBe(`Bearer ${token}`)
    expect(stdout).not.toContain(token)
    expect(runResult.parse(JSON.parse(stdout)).verdict?.rules?.changes).not.toContainEqual(
      expect.objectContaining({ what: 'environment variables that policies may send' }),
    )
  })
})
