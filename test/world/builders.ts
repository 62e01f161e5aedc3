import { type ExprMap, toExprValue } from '../../src/expr/value.ts'
import type { JsonObject, JsonValue } from '../../src/schema/json.ts'
import { type World, world } from '../../src/schema/world.ts'
import type { ModuleTool } from '../../src/world/module-tool.ts'
import { prepareWorld } from '../../src/world/prepare-world.ts'
import type { WorldResult, WorldSession } from '../../src/world/session.ts'
import { type StartOptions, startWorld } from '../../src/world/start-world.ts'

/** A shop: two orders, a list of refunds, a ticket, a total. */
export const shopState = {
  orders: {
    'O-1': { status: 'paid', amount_cents: 4000, refund: null },
    'O-2': { status: 'shipped', amount_cents: 90_000 },
  },
  refunds: [],
  tickets: { 'T-1': { body: 'Where is my order?' } },
  totals: { refunded_cents: 0, rate: 0.5 },
}

/** A tool as written in `world.yaml`; the defaults here are those that the schema does not give. */
function aTool(written: JsonObject = {}): JsonObject {
  return {
    description: 'a tool',
    risk_tier: 1,
    effect: 'write',
    input: { type: 'object' },
    latency_ms: 100,
    ...written,
  }
}

export function aWorld(
  tools: Readonly<Record<string, JsonObject>>,
  state: JsonObject = shopState,
): World {
  const written = Object.entries(tools).map(([name, tool]) => [name, aTool(tool)])
  const document: JsonObject = {
    clock: '2026-01-05T09:00:00Z',
    state,
    tools: Object.fromEntries(written) as JsonObject,
  }
  return world.parse(document)
}

export interface SessionOptions extends StartOptions {
  readonly world?: JsonObject
  readonly modules?: Readonly<Record<string, ModuleTool>>
}

/** A fresh session of a world with these tools over the shop. */
export async function aSession(
  tools: Readonly<Record<string, JsonObject>>,
  { world: state, modules = {}, ...options }: SessionOptions = {},
): Promise<WorldSession> {
  const prepared = await prepareWorld(aWorld(tools, state), new Map(Object.entries(modules)))
  return startWorld(prepared, options)
}

/** The value of a call that must succeed. */
export function valueOf(result: WorldResult): JsonValue {
  if (result.status === 'ok') return result.value
  throw new Error(`${result.error.code}: ${result.error.message}`)
}

/** The error of a call that must fail, as `code: message`. */
export function errorOf(result: WorldResult): string {
  if (result.status === 'error') return `${result.error.code}: ${result.error.message}`
  throw new Error(`unexpected result ${JSON.stringify(result.value)}`)
}

export function aState(json: JsonObject = shopState): ExprMap {
  return toExprValue(json)
}

/** Text to JSON with keys such as `__proto__` as they stand there. */
export function json(text: string): JsonObject {
  return JSON.parse(text) as JsonObject
}
