import type { JsonObject } from '../../../schema/json.ts'
import type { OpaPolicy } from '../../../schema/policy-engines.ts'
import { hashOf } from '../../../text/hash.ts'
import type { ControlDecision } from '../../control-decision.ts'
import type { EnginePorts, EngineProblem, OpenedEngine } from '../../engine-ports.ts'
import type { PolicyEngine, PolicyQuestion, PolicyStage } from '../../policy-engine.ts'
import { askServer } from './ask-server.ts'
import { decisionUrl } from './decision-url.ts'
import type { Evaluated } from './evaluated.ts'
import { inputDocument } from './input-document.ts'
import { problemOf, readPolicy } from './read-policy.ts'
import { readResult } from './result-document.ts'
import { ruleIdOf } from './rule-id.ts'
import { openWasmPolicy } from './wasm-policy.ts'

/** Somebody who evaluates a policy; never throws and never rejects. */
interface Evaluator {
  readonly evaluate: (input: JsonObject, now: string) => Evaluated | Promise<Evaluated>
  readonly version: string
}

/**
 * Opens a policy in Rego: compiled, and decided in this process, or asked of a server.
 *
 * Its decisions say that they come from a `policy`; whoever judges by it says so itself. A server is
 * not asked anything here, because it may come up later than we do.
 *
 * @returns the engine, or all that is wrong with what `settings` names
 */
export async function openOpa(
  settings: OpaPolicy,
  ports: EnginePorts,
): Promise<OpenedEngine<PolicyEngine>> {
  const opened =
    settings.url === undefined
      ? await openCompiled(settings, ports)
      : openServer(settings.url, settings, ports)
  return opened.ok ? { ok: true, engine: engineOf(settings, opened.engine) } : opened
}

async function openCompiled(
  settings: OpaPolicy,
  ports: EnginePorts,
): Promise<OpenedEngine<Evaluator>> {
  const { path } = settings
  const unused = settings.token_env === undefined ? [] : [onlyServers]
  const read = await readPolicy(settings, ports)
  if (!read.ok) return { ok: false, problems: [...read.problems, ...unused] }
  const opened = await openWasmPolicy(read.compiled)
  const problems = opened.ok ? unused : [problemOf([read.from], opened), ...unused]
  if (!opened.ok || problems.length > 0) return { ok: false, problems }
  const { data, wasm } = read.compiled
  const content = Buffer.from(wasm).toString('base64')
  const version = hashOf({ wasm: content, data, path, stages: stagesOf(settings) })
  return { ok: true, engine: { evaluate: opened.policy.evaluate, version } }
}

const onlyServers: EngineProblem = {
  path: ['token_env'],
  message: 'a policy without `url` needs no token',
}

function openServer(
  address: string,
  settings: OpaPolicy,
  { clock, env, fetch }: EnginePorts,
): OpenedEngine<Evaluator> {
  const { path, timeout_ms: timeoutMs, token_env: variable } = settings
  const problems: EngineProblem[] = []
  if (settings.data !== undefined) problems.push(serversData)
  const at = decisionUrl(address, path)
  if (!at.ok) problems.push(problemOf(['url'], at))
  const token = variable === undefined ? undefined : env[variable]
  if (variable !== undefined && !isToken(token)) problems.push(noToken(variable, token))
  if (!at.ok || problems.length > 0) return { ok: false, problems }
  const server = { url: at.url, token, timeoutMs, fetch, clock }
  const version = hashOf({ url: address, path, stages: stagesOf(settings) })
  return { ok: true, engine: { evaluate: (input) => askServer(server, input), version } }
}

/** In whatever order and how often they were named. */
function stagesOf({ stages }: OpaPolicy): readonly PolicyStage[] {
  return [...new Set(stages)].sort()
}

const serversData: EngineProblem = {
  path: ['data'],
  message: 'a server has its own data',
  hint: 'give it to the server, such as by PUT /v1/data, or name the policy as `bundle` or `rego`',
}

/** What may stand in a header; anything else would be quoted, secret and all, by whoever refuses it. */
function isToken(token: string | undefined): boolean {
  return token !== undefined && /^[\x21-\x7e]+$/.test(token)
}

function noToken(variable: string, token: string | undefined): EngineProblem {
  const message =
    token === undefined || token === ''
      ? `the environment variable ${variable} is not set`
      : `the environment variable ${variable} holds no token: there is more in it than letters, digits and signs`
  return { path: ['token_env'], message }
}

function engineOf({ path, stages }: OpaPolicy, { evaluate, version }: Evaluator): PolicyEngine {
  const asked = new Set(stages)
  const id = ruleIdOf(path, path)
  const broken = (error: string): ControlDecision => {
    const reason = 'the policy could not be evaluated'
    const rules = [{ id, decision: 'deny', reason, error } as const]
    return { source: 'policy', engine: 'opa', decision: 'deny', rules, version }
  }
  const decisionOf = (evaluated: Evaluated, { stage }: PolicyQuestion): ControlDecision => {
    if (!evaluated.ok) return broken(evaluated.error)
    const read = readResult(evaluated.result, { path, stage })
    if (!read.ok) return broken(read.error)
    return { source: 'policy', engine: 'opa', ...read.verdict, version }
  }
  return {
    name: 'opa',
    version,
    decide: (question) => {
      if (!asked.has(question.stage)) return undefined
      try {
        const evaluated = evaluate(inputDocument(question), question.context.now)
        return evaluated instanceof Promise
          ? evaluated.then((one) => decisionOf(one, question))
          : decisionOf(evaluated, question)
      } catch {
        // Arguments that are nested a hundred thousand deep, for one.
        return broken('the action cannot be written as JSON')
      }
    },
  }
}
