import { compileExpression, type Expression, variablesOf } from '../../../expr/expression.ts'
import type { CedarPolicy } from '../../../schema/policy-engines.ts'
import { didYouMean } from '../../../text/did-you-mean.ts'
import type { EngineProblem } from '../../engine-ports.ts'
import { uidKey } from './entity-uid.ts'
import { type CedarSchema, within } from './read-schema.ts'
import { type Read, refuse } from './source-file.ts'

/** What our words are called in a schema, with everything that the settings say of them checked. */
export interface CedarTerms {
  readonly schema: CedarSchema
  readonly names: { readonly agent: string; readonly action: string; readonly tool: string }
  /** Which record an action is about, by its tool. */
  readonly resources: ReadonlyMap<string, { readonly type: string; readonly id: Expression }>
  /** Where a type's records are in the state of the world. */
  readonly world: ReadonlyMap<string, Expression>
}

/**
 * Checks the settings against the schema: `Agent` is an entity type, `resources` and `world` name
 * types and actions that there are, and their expressions compile.
 *
 * A type is looked for in the namespace first, as in a schema.
 */
export function readTerms(
  { namespace = '', resources, world }: CedarPolicy,
  schema: CedarSchema,
): Read<CedarTerms> {
  const names = {
    agent: within(namespace, 'Agent'),
    action: within(namespace, 'Action'),
    tool: within(namespace, 'Tool'),
  }
  const places: Places = { schema, namespace, action: names.action }
  const agent = schema.entityTypes.has(names.agent) ? [] : [noAgent(names.agent, schema, namespace)]
  const about = Object.entries(resources).map(([tool, given]) => resourceTerm(places, tool, given))
  const tables = world.map((given, index) => worldTerm(places, index, given))
  const problems = [
    ...agent,
    ...[...about, ...tables].flatMap((one) => (one.ok ? [] : one.problems)),
  ]
  if (problems.length > 0) return { ok: false, problems }
  const value = {
    schema,
    names,
    resources: new Map(about.flatMap((one) => (one.ok ? [one.value] : []))),
    world: new Map(tables.flatMap((one) => (one.ok ? [one.value] : []))),
  }
  return { ok: true, value }
}

interface Places {
  readonly schema: CedarSchema
  readonly namespace: string
  /** The type of actions. */
  readonly action: string
}

type Key = EngineProblem['path']

function noAgent(
  name: string,
  { entityTypes, file }: CedarSchema,
  namespace: string,
): EngineProblem {
  const meant = [...entityTypes.keys()].find((type) => /(?:^|::)Agent$/.test(type))
  const message = `${file.path} declares no entity type ${name}, which is who acts`
  if (meant === undefined) return { path: ['schema'], message, hint: `declare \`entity ${name};\`` }
  const path = namespace === '' ? ['schema'] : ['namespace']
  const right = meant.replace(/(?:::)?Agent$/, '')
  return {
    path,
    message,
    hint: right === '' ? 'leave `namespace` out' : `set \`namespace: ${right}\``,
  }
}

function resourceTerm(
  places: Places,
  tool: string,
  given: CedarPolicy['resources'][string],
): Read<readonly [string, { type: string; id: Expression }]> {
  const at = ['resources', tool] as const
  const declared = places.schema.actions.get(uidKey({ type: places.action, id: tool }))
  if (declared === undefined) {
    return refuse({ path: at, message: `the schema declares no action ${JSON.stringify(tool)}` })
  }
  const type = declaredType(places, given.type, [...at, 'type'])
  if (!type.ok) return type
  if (!declared.resources.has(type.value)) {
    const message = `in the schema this action is done to ${[...declared.resources].join(' or ')}, not to a ${type.value}`
    return refuse({ path: [...at, 'type'], message })
  }
  const id = expressionOver(['input', 'agent'], given.id, [...at, 'id'])
  return id.ok ? { ok: true, value: [tool, { type: type.value, id: id.value }] } : id
}

function worldTerm(
  places: Places,
  index: number,
  given: CedarPolicy['world'][number],
): Read<readonly [string, Expression]> {
  const type = declaredType(places, given.type, ['world', index, 'type'])
  if (!type.ok) return type
  const from = expressionOver(['state'], given.from, ['world', index, 'from'])
  return from.ok ? { ok: true, value: [type.value, from.value] } : from
}

function declaredType({ namespace, schema }: Places, type: string, path: Key): Read<string> {
  const { entityTypes, file } = schema
  const found = [within(namespace, type), type].find((name) => entityTypes.has(name))
  if (found !== undefined) return { ok: true, value: found }
  const meant = didYouMean(within(namespace, type), entityTypes.keys())
  return refuse({
    path,
    message: `${file.path} declares no entity type ${type}`,
    ...(meant !== undefined && { hint: `did you mean ${meant}?` }),
  })
}

function expressionOver(variables: readonly string[], text: string, path: Key): Read<Expression> {
  const compiled = compileExpression(text)
  if (!compiled.ok) return refuse({ path, message: `${compiled.error} in ${text}` })
  const unknown = variablesOf(compiled.expression).find((name) => !variables.includes(name))
  if (unknown === undefined) return { ok: true, value: compiled.expression }
  return refuse({
    path,
    message: `there is no variable "${unknown}" here`,
    hint: `this expression sees ${variables.join(' and ')}`,
  })
}
