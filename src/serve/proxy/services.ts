import type { ServedResponse } from '../../ports.ts'
import type { JsonObject } from '../../schema/json.ts'
import { jsonAnswer } from '../answers.ts'
import { anthropicMessages } from './anthropic-messages.ts'
import { openaiChat } from './openai-chat.ts'
import { openaiResponses } from './openai-responses.ts'
import type { Exchange } from './read-answer.ts'

/** Whose protocol a request speaks. */
export type ServiceKind = 'openai' | 'anthropic'

/** A request that costs nothing, such as the list of models, has no `exchange`. */
export interface ServiceRoute {
  /** As the service itself names it, query included. */
  readonly path: string
  readonly exchange?: Exchange
}

interface ServiceInfo {
  /** By method and path below `/v1`. */
  readonly exchanges: ReadonlyMap<string, Exchange>
  readonly free: RegExp
  /** `/v1` belongs to the base URL of one and to the paths of the other. */
  readonly prefix: string
  readonly errorBody: (status: number, message: string) => JsonObject
}

const services: Readonly<Record<ServiceKind, ServiceInfo>> = {
  openai: {
    exchanges: new Map([
      ['POST chat/completions', openaiChat],
      ['POST responses', openaiResponses],
    ]),
    free: /^GET models(\/[^/]+)*$/,
    prefix: '',
    errorBody(status, message) {
      const { code, type } = openaiErrors[status] ?? { type: 'server_error', code: null }
      return { error: { message, type, param: null, code } }
    },
  },
  anthropic: {
    exchanges: new Map([['POST messages', anthropicMessages]]),
    free: /^(GET models(\/[^/]+)*|POST messages\/count_tokens)$/,
    prefix: '/v1',
    errorBody: (status, message) => ({
      type: 'error',
      error: { type: anthropicErrors[status] ?? 'api_error', message },
    }),
  },
}

const openaiErrors: Partial<
  Record<number, { readonly type: string; readonly code: string | null }>
> = {
  400: { type: 'invalid_request_error', code: null },
  401: { type: 'invalid_request_error', code: 'invalid_api_key' },
  402: { type: 'insufficient_quota', code: 'insufficient_quota' },
  404: { type: 'invalid_request_error', code: null },
  410: { type: 'invalid_request_error', code: null },
}

const anthropicErrors: Partial<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  404: 'not_found_error',
  410: 'invalid_request_error',
}

/** Names of models have no other characters; an escape could stand for a slash or a dot. */
const segment = /^[\w.:@~-]+$/
const query = /^[\w.:@~!$'()*+,;=&%/[\]-]*$/
/** Longer ones are no agent's. */
const longestQuery = 2_000

/** Whether a path below a service means what it says: whoever fetches it would resolve the dots. */
function isPlain(path: string, search: string): boolean {
  const segments = path.split('/')
  const isPath = segments.every((one) => segment.test(one) && one !== '.' && one !== '..')
  return isPath && search.length <= longestQuery && query.test(search)
}

/**
 * What a request is for; `undefined` for what we do not serve, because nobody would see what it
 * costs, and for a path that may lead elsewhere in the account of our key. Base URLs with and without `/v1` are both in use.
 *
 * @param rest - path and query behind the service's name
 */
export function findRoute(
  kind: ServiceKind,
  method: string,
  rest: string,
): ServiceRoute | undefined {
  const { exchanges, free, prefix } = services[kind]
  const below = rest.replace(/^v1\//, '')
  const [place = '', ...searches] = below.split('?')
  if (!isPlain(place, searches.join('?'))) return undefined
  const named = `${method} ${place}`
  const path = `${prefix}/${below}`
  const exchange = exchanges.get(named)
  if (exchange !== undefined) return { path, exchange }
  return free.test(named) ? { path } : undefined
}

/** What `findRoute` knows, for whoever asked for something else. */
export function servedPaths(kind: ServiceKind): string {
  return [...services[kind].exchanges.keys(), 'GET models'].join(', ')
}

/**
 * A refusal of ours as the service itself would say it. The services' own clients would ask again
 * after some of these; the header tells them that it is no use.
 */
export function serviceError(kind: ServiceKind, status: number, message: string): ServedResponse {
  const retry: Record<string, string> = status === 502 ? {} : { 'x-should-retry': 'false' }
  return jsonAnswer(status, services[kind].errorBody(status, message), retry)
}
