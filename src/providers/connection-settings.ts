import { AgentEvalError } from '../errors.ts'
import type { Outside } from '../ports.ts'
import type { Connection } from './connection.ts'
import type { ResolvedModel } from './registry.ts'

/** The service that a protocol is named after. */
interface Origin {
  readonly baseUrl: string
  readonly hosts: RegExp
  readonly keyEnv: string
  readonly baseUrlEnv: string
}

const origins: Readonly<Record<'openai' | 'anthropic', Origin>> = {
  openai: {
    baseUrl: 'https://api.openai.com/v1',
    hosts: /(?:^|\.)openai\.com$/,
    keyEnv: 'OPENAI_API_KEY',
    baseUrlEnv: 'OPENAI_BASE_URL',
  },
  anthropic: {
    baseUrl: 'https://api.anthropic.com',
    hosts: /(?:^|\.)anthropic\.com$/,
    keyEnv: 'ANTHROPIC_API_KEY',
    baseUrlEnv: 'ANTHROPIC_BASE_URL',
  },
}

/**
 * How a model's service is reached, by its settings and the environment. The base URL of the
 * environment counts for `openai:` and `anthropic:` themselves, as it does for their SDKs.
 *
 * @throws AgentEvalError (usage) for a provider of another name and address that names no key: the
 * key of OpenAI or Anthropic is not sent to strangers
 */
export function connectionSettings(
  resolved: ResolvedModel,
  env: Outside['env'],
): Omit<Connection, 'fetch' | 'clock'> {
  const { kind, name, settings } = resolved
  const protocol = kind === 'anthropic' ? 'anthropic' : 'openai'
  const origin = origins[protocol]
  const isNamedAfter = name === kind
  const usual = (isNamedAfter ? filled(env[origin.baseUrlEnv]) : undefined) ?? origin.baseUrl
  const baseUrl = ownBase(settings.base_url ?? usual, protocol)
  const isOfficial = URL.canParse(baseUrl) && origin.hosts.test(new URL(baseUrl).hostname)
  const keyEnv = keyEnvOf(resolved, isOfficial || isNamedAfter ? origin.keyEnv : undefined)
  return {
    name,
    baseUrl,
    isOfficial,
    ...keyOf(keyEnv, env),
    headers: settings.headers ?? {},
    ...(isOfficial && accountOf(env)),
    timeoutMs: settings.timeout_seconds * 1000,
  }
}

function keyOf(
  keyEnv: string | undefined,
  env: Outside['env'],
): Pick<Connection, 'key' | 'keyEnv'> {
  if (keyEnv === undefined) return {}
  const key = filled(env[keyEnv])
  return key === undefined ? { keyEnv } : { keyEnv, key }
}

/** Who pays, where a key belongs to several. Strangers are not told. */
function accountOf(env: Outside['env']): Pick<Connection, 'organization' | 'project'> {
  const organization = filled(env['OPENAI_ORG_ID'])
  const project = filled(env['OPENAI_PROJECT_ID'])
  return {
    ...(organization !== undefined && { organization }),
    ...(project !== undefined && { project }),
  }
}

/** Anthropic's SDK adds `/v1` itself. */
function ownBase(baseUrl: string, protocol: 'openai' | 'anthropic'): string {
  return protocol === 'anthropic' ? baseUrl.replace(/\/v1\/?$/, '') : baseUrl
}

function keyEnvOf(
  { name, settings }: ResolvedModel,
  usual: string | undefined,
): string | undefined {
  const { api_key_env } = settings
  if (api_key_env === 'none') return undefined
  const named = api_key_env ?? usual
  if (named !== undefined) return named
  throw new AgentEvalError(`providers.${name} names no key`, 'usage', {
    hint: 'write api_key_env: the environment variable with its key, or none where it needs none',
  })
}

/** A variable that is set to nothing is not set. */
function filled(value: string | undefined): string | undefined {
  const text = value?.trim()
  return text === '' ? undefined : text
}
