import type { Expression } from '../expr/expression.ts'
import type { Effect } from '../schema/names.ts'
import type { WorldChange, WorldTool } from '../schema/world.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { compileFacts, type DeclaredFacts } from './call-facts.ts'
import { compileAt, inside, type Place, problemAt } from './compile-at.ts'
import { compileSchema, type SchemaCheck } from './json-schema.ts'
import type { ModuleTool } from './module-tool.ts'
import { compilePath, type PathTemplate } from './path-template.ts'
import { compileTiers, type TierRules } from './risk-tier.ts'
import { compileTemplate, type Template } from './template.ts'

interface PreparedGuard {
  readonly require: Expression
  readonly error: string
  readonly message: string
}

export type PreparedChange =
  | {
      readonly op: 'set' | 'inc' | 'append'
      readonly path: PathTemplate
      readonly value: Template
    }
  | { readonly op: 'remove'; readonly path: PathTemplate }

/** A tool with everything compiled. */
export interface PreparedTool {
  readonly name: string
  readonly effect: Effect
  readonly tiers: TierRules
  readonly facts: DeclaredFacts
  readonly input: SchemaCheck
  readonly output: SchemaCheck | undefined
  readonly guards: readonly PreparedGuard[]
  readonly changes: readonly PreparedChange[]
  readonly returns: Template
  readonly module: ModuleTool | undefined
  /** The argument that carries the idempotency key. */
  readonly idempotency: string | undefined
  readonly latencyMs: number
  readonly costUsd: number
}

/** What guards, tiers, facts, changes and results may name. */
const variables = ['args', 'state', 'now']
const variablesOfReturns = [...variables, 'before']

/** Compiles one tool; what is wrong with it goes to the problems of `place`. */
export async function prepareTool(
  place: Omit<Place, 'variables'>,
  tool: WorldTool & { readonly name: string },
  module: ModuleTool | undefined,
): Promise<PreparedTool> {
  const here: Place = { ...place, variables }
  const returning: Place = { ...here, variables: variablesOfReturns }
  checkIdempotency(inside(here, 'idempotency'), tool)
  return {
    name: tool.name,
    effect: tool.effect,
    tiers: compileTiers(inside(here, 'risk_tier'), tool.risk_tier),
    facts: compileFacts(here, tool),
    input: await schemaAt(inside(here, 'input'), tool.input),
    output: tool.output && (await schemaAt(inside(here, 'output'), tool.output)),
    guards: tool.guards.map((guard, index) => ({
      require: compileAt(inside(here, 'guards', index, 'require'), guard.require),
      error: guard.error,
      message: guard.message ?? guard.error.replaceAll('_', ' '),
    })),
    changes: tool.change.map((change, index) =>
      compileChange(inside(here, 'change', index), change),
    ),
    returns: compileTemplate(inside(returning, 'returns'), tool.returns ?? null),
    module,
    idempotency: tool.idempotency,
    latencyMs: tool.latency_ms,
    costUsd: tool.cost_usd,
  }
}

function compileChange(place: Place, change: WorldChange): PreparedChange {
  const path = compilePath(inside(place, 'path'), change.path)
  if (change.op === 'remove') return { op: change.op, path }
  return { op: change.op, path, value: compileTemplate(inside(place, 'value'), change.value) }
}

async function schemaAt(place: Place, schema: WorldTool['input']): Promise<SchemaCheck> {
  const compiled = await compileSchema(schema)
  if (compiled.ok) return compiled.value
  place.problems.push(problemAt(place, compiled.error))
  return () => [compiled.error]
}

/** A misspelt key argument would switch idempotency off without a word. */
function checkIdempotency(place: Place, { idempotency, input }: WorldTool): void {
  const properties = input['properties']
  if (idempotency === undefined || typeof properties !== 'object' || properties === null) return
  if (Object.hasOwn(properties, idempotency)) return
  const meant = didYouMean(idempotency, Object.keys(properties))
  const help = meant === undefined ? '' : `; did you mean "${meant}"?`
  place.problems.push(problemAt(place, `the input has no argument "${idempotency}"${help}`))
}
