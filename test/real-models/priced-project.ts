import { type CliResult, runCli } from '../cli/run-cli.ts'
import type { FakeRequest } from '../fake-servers/fake-exchange.ts'
import type { FakeServer } from '../fake-servers/start-fake-server.ts'
import { env, type ModelProject, smallModelProject } from './model-project.ts'
import { service, solveSmall } from './small-services.ts'

/** What a request really uses is about what the estimate expects of it. */
export const usage = { input: 200, output: 40 }
export const price = { input_per_mtok: 60, output_per_mtok: 60 }
export const requestUsd = 0.0144
/** Three requests. */
export const dearestTrialUsd = 3 * requestUsd

export function pricedService(tokens = usage, latencyMs = 2): Promise<FakeServer> {
  const answer = (request: FakeRequest): object => ({ ...solveSmall(request), usage: tokens })
  return service({ answer, latencyMs })
}

export function pricedProject(server: FakeServer, more: Partial<ModelProject> = {}): string {
  return smallModelProject({
    providers: { openai: { base_url: server.baseUrl } },
    money: { prices: { m: price } },
    agent: { models: { default: 'openai:m' } },
    trials: 4,
    ...more,
  })
}

export function run(cwd: string, more: readonly string[]): Promise<CliResult> {
  return runCli(['run', ...more], { cwd, env })
}
