import { cpSync } from 'node:fs'
import path from 'node:path'
import { folderWith, writeFiles } from '../cli/run-cli.ts'
import { smallProject } from '../cli/small-set.ts'

const bundled = path.join(import.meta.dirname, '..', '..', 'evalsets', 'support-refund')

/** What the environment holds in these tests: a key that no text holds by accident. */
export const key = 'sk-marked-0a1b2c3d4e5f6a7b8c9d0e1f'
export const env = { OPENAI_API_KEY: key, ANTHROPIC_API_KEY: key }

/** Three cents a request of the usual fake usage: 20 tokens in, 10 out. */
export const dear = { input_per_mtok: 1000, output_per_mtok: 1000 }
/** What one request then costs. */
export const requestUsd = 0.03

export interface ModelProject {
  /** `providers:` of the project. */
  readonly providers?: Readonly<Record<string, object>>
  readonly money?: object
  /** `agent:` of the candidate, besides its name. */
  readonly agent: object
  readonly trials?: number
  /** `gate:` of the eval set. */
  readonly gate?: object
}

/** JSON is YAML. */
function projectFiles(parts: ModelProject): Readonly<Record<string, string>> {
  const { agent, money = {}, providers = {} } = parts
  return {
    'agent-eval.yaml': JSON.stringify({
      apiVersion: 'agent-eval/v1',
      evalsets: ['set'],
      providers,
      money,
    }),
    'set/agents/good.yaml': JSON.stringify({ agent: { name: 'good', ...agent } }),
  }
}

/** The small set of the other tests, played by models: four cases, 8 requests to a model a round. */
export function smallModelProject(parts: ModelProject): string {
  const { gate = {}, trials = 2 } = parts
  const cwd = folderWith(smallProject)
  writeFiles(cwd, {
    ...projectFiles(parts),
    'set/evalset.yaml': JSON.stringify({
      apiVersion: 'agent-eval/v1',
      id: 'small',
      version: '1',
      candidate: 'agents/good.yaml',
      defaults: { trials },
      gate,
    }),
  })
  return cwd
}

/** The bundled refund set with one file of its cases; the knife is one of them. */
export function refundProject(parts: ModelProject): string {
  const cwd = folderWith(projectFiles(parts))
  for (const name of [
    'world.yaml',
    'policy.yaml',
    'injections.yaml',
    'cases/outcome/refund-full.yaml',
  ]) {
    cpSync(path.join(bundled, name), path.join(cwd, 'set', name), { recursive: true })
  }
  // Its weights and its judge are of cases that are not here.
  writeFiles(cwd, {
    'set/evalset.yaml': JSON.stringify({
      apiVersion: 'agent-eval/v1',
      id: 'support-refund',
      version: '1',
      candidate: 'agents/good.yaml',
    }),
  })
  return cwd
}
