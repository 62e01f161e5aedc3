import { AgentEvalError } from '../../errors.ts'
import type { OpaPolicy } from '../../schema/policy-engines.ts'
import { configAtBase } from '../at-base/evalset-at-base.ts'
import { allowedBy, isServiceKey, policiesAtBase } from '../at-base/policies-at-base.ts'
import { findBaseCommit } from '../git/merge-base.ts'
import type { Project } from '../project.ts'

type Env = Project['env']

interface Asking {
  readonly project: Project
  /** The section that names a variable, as errors call it. */
  readonly where: string
  readonly env: Env
}

/**
 * What a policy may know of the environment: the one variable that it names as its server's token.
 *
 * A policy names the server as well. Without somebody who allows it, whoever writes one could send
 * themselves anything that this process was given. What is allowed stands in the project file, and on a
 * pull request in that of the base too, whichever command runs there.
 *
 * @throws AgentEvalError (input) for a variable that is not allowed; (usage) where the base is not here
 */
export async function tokenOf(
  { token_env: name, url }: OpaPolicy,
  { env, project, where }: Asking,
): Promise<Env> {
  // One without a server needs none, and says so itself.
  if (name === undefined || url === undefined) return {}
  const refused = await whyRefused(name, project)
  if (refused === undefined) return { [name]: env[name] }
  const { hint, why } = refused
  throw new AgentEvalError(`${where}.token_env: ${why}`, 'input', { hint })
}

async function whyRefused(
  name: string,
  project: Project,
): Promise<{ readonly why: string; readonly hint: string } | undefined> {
  const { config, file } = project
  if (isServiceKey(name, config)) {
    const why = `${name} holds the key of a model service, which no policy may send`
    return { why, hint: 'give the server of policies a token of its own, in another variable' }
  }
  if (allowedBy(config).includes(name) && (await isAllowedAtBase(name, project))) return undefined
  return {
    why: `policies may not send the environment variable ${name}`,
    hint: `add to ${file}:  policies: { token_env: [${name}] }  (of a change it counts once it is merged)`,
  }
}

/** Also where nobody is judged, such as by `lint`: the policy is asked there as well. */
async function isAllowedAtBase(
  name: string,
  { config, cwd, env, file }: Project,
): Promise<boolean> {
  const base = await findBaseCommit({ cwd, env, source: undefined })
  if (base === undefined) return true
  const before = await configAtBase({ cwd, base, configFile: file })
  return policiesAtBase(config, before).policies.token_env.includes(name)
}
