import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { openPurse, type Purse } from '../../money/purse.ts'
import type { Outside } from '../../ports.ts'
import { headerSecrets } from '../../providers/header-secrets.ts'
import { createLimiter, type Limiter } from '../../providers/limiter/limiter.ts'
import { createRng } from '../../providers/reference/rng.ts'
import type { RunMeans } from '../../run-evalset/run-means.ts'
import { createRedactor, type Redactor } from '../../text/redact.ts'
import type { Io } from '../io.ts'
import { nodeOutside } from '../outside/outside.ts'
import type { Project } from '../project.ts'
import { secretValues } from './secret-values.ts'

/** By what all runs of one command reach the outside: a service does not care which run asks. */
export interface CommandMeans {
  readonly outside: Outside
  readonly limiter: Limiter
  readonly purse: Purse
  readonly redactor: Redactor
}

/** @param budgetUsd - as the command line says; absent: as `agent-eval.yaml` says */
export function commandMeans(project: Project, io: Io, budgetUsd?: number): CommandMeans {
  const outside = nodeOutside(io)
  return {
    outside,
    // When a request is made again is no part of what it is answered.
    limiter: createLimiter({ clock: outside.clock, rng: createRng(1) }),
    purse: openPurse(budgetUsd ?? project.config.money.budget_usd),
    redactor: createRedactor({ values: secretsOf(project, io.env) }),
  }
}

/** No change gives itself more money: what a file says is at most what it says at the base. */
export function lowerBudget({ purse }: CommandMeans, { config }: Project): void {
  const { budget_usd: most } = config.money
  if (most !== undefined) purse.lower(most)
}

const secretHeader = /auth|cookie|key|secret|token/i

/**
 * What must not be written: secrets of this process, whatever a variable with a key is called, and those
 * that stand in the headers that a service is sent.
 */
function secretsOf({ config }: Project, env: Io['env']): readonly string[] {
  const providers = Object.values(config.providers)
  const headers = providers.flatMap((one) => Object.entries(one.headers ?? {}))
  return [
    ...secretValues(env),
    ...providers.flatMap(({ api_key_env: name }) => env[name ?? '']?.trim() ?? []),
    ...config.policies.token_env.flatMap((name) => env[name]?.trim() ?? []),
    ...headerSecrets(headers.flatMap(([name, value]) => (secretHeader.test(name) ? [value] : []))),
  ]
}

/** What differs between the runs of a command. */
type OwnMeans = Pick<RunMeans, 'cassette' | 'isDry' | 'prices'>

export function runMeans(
  { limiter, outside, purse, redactor }: CommandMeans,
  { config, root }: Project,
  own: OwnMeans,
): RunMeans {
  const { providers } = config
  return { outside, limiter, purse, redactor, providers, root, host: agentHost(), ...own }
}

/** Our own program that runs an agent which is a module: the file beside this package's `bin`. */
function agentHost(): readonly [string, ...string[]] {
  const packageFolder = packageRoot(fileURLToPath(import.meta.url))
  return ['node', path.join(packageFolder, 'bin', 'agent-host.js')]
}

/** Built, this file is in `dist`; in the tests it is in `src/cli/candidate`. */
function packageRoot(file: string): string {
  const folder = path.dirname(file)
  const isSource = path.basename(folder) === 'candidate'
  return path.resolve(folder, isSource ? '../../..' : '..')
}
