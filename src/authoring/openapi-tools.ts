import { AgentEvalError } from '../errors.ts'
import type { JsonObject, JsonValue } from '../schema/json.ts'
import type { Effect } from '../schema/names.ts'
import { resolveRefs } from './resolve-refs.ts'
import type { ForeignTool } from './stub-tool.ts'

/** How each HTTP method is taken, until a person says otherwise. */
const effects: Readonly<Record<string, Effect>> = {
  get: 'read',
  head: 'read',
  put: 'write',
  post: 'write',
  patch: 'write',
  delete: 'write',
}

/** One operation with where it stands. */
interface Operation {
  readonly method: string
  readonly path: string
  readonly operation: JsonObject
  /** Parameters of the path, which all its operations share. */
  readonly shared: readonly JsonObject[]
}

/**
 * The operations of an OpenAPI 3 document as tools: parameters and the members of a JSON body
 * become arguments side by side.
 *
 * Only references inside the document are followed. Cookies and headers are left out: they are for
 * the caller's plumbing, not for an agent.
 *
 * @throws AgentEvalError (input) for a document that is no OpenAPI 3, or has no operation
 */
export function openApiTools(document: JsonValue, file: string): readonly ForeignTool[] {
  const root = objectOf(document)
  const version = root?.['openapi']
  if (root === undefined || typeof version !== 'string' || !version.startsWith('3.')) {
    throw new AgentEvalError('is no OpenAPI 3 document', 'input', {
      source: { file },
      hint: 'it has no `openapi: 3.…`; a Swagger 2 file can be converted first',
    })
  }
  const tools = operationsOf(root).map((operation) => toolOf(operation, root))
  if (tools.length > 0) return tools
  throw new AgentEvalError('the OpenAPI document has no operation', 'input', { source: { file } })
}

function operationsOf(root: JsonObject): readonly Operation[] {
  return Object.entries(objectOf(root['paths']) ?? {}).flatMap(([path, item]) => {
    const members = objectOf(item) ?? {}
    const shared = objectsIn(members['parameters'], root)
    return Object.keys(effects).flatMap((method): readonly Operation[] => {
      const operation = objectOf(members[method])
      return operation === undefined ? [] : [{ method, path, operation, shared }]
    })
  })
}

function toolOf({ method, operation, path, shared }: Operation, root: JsonObject): ForeignTool {
  const { operationId, summary, description } = operation
  return {
    name:
      typeof operationId === 'string' ? operationId : `${method}${path.replaceAll(/[{}]/g, '')}`,
    description:
      [summary, description].find((text) => typeof text === 'string') ??
      `${method.toUpperCase()} ${path}`,
    input: inputOf(operation, shared, root),
    effect: effects[method] ?? 'write',
    isDestructive: method === 'delete',
  }
}

function inputOf(
  operation: JsonObject,
  shared: readonly JsonObject[],
  root: JsonObject,
): JsonObject {
  const own = objectsIn(operation['parameters'], root)
  const parameters = [...shared, ...own].flatMap((parameter) => {
    const { name } = parameter
    return typeof name === 'string' && isForAgents(parameter['in']) ? [{ name, parameter }] : []
  })
  const body = bodyOf(operation, root)
  const properties = {
    ...Object.fromEntries(parameters.map((each) => [each.name, schemaOf(each.parameter, root)])),
    ...objectOf(body['properties']),
  }
  const required = [
    ...parameters.filter(({ parameter }) => parameter['required'] === true).map(({ name }) => name),
    ...listOf(body['required']).filter((name) => typeof name === 'string'),
  ]
  return {
    type: 'object',
    properties,
    required: [...new Set(required)].filter((name) => Object.hasOwn(properties, name)),
    additionalProperties: false,
  }
}

function schemaOf({ description, schema = {} }: JsonObject, root: JsonObject): JsonObject {
  return {
    ...objectOf(resolveRefs(schema, root)),
    ...(typeof description === 'string' && { description }),
  }
}

function isForAgents(place: JsonValue | undefined): boolean {
  return place === 'path' || place === 'query'
}

/** The JSON body as an object schema; any other body is one argument, `body`. */
function bodyOf(operation: JsonObject, root: JsonObject): JsonObject {
  const body = objectOf(resolveRefs(operation['requestBody'] ?? {}, root))
  const schema = jsonContent(body)
  if (schema === undefined) return {}
  if (objectOf(schema['properties']) !== undefined) return schema
  return { properties: { body: schema }, required: body?.['required'] === true ? ['body'] : [] }
}

function jsonContent(holder: JsonObject | undefined): JsonObject | undefined {
  const content = objectOf(holder?.['content']) ?? {}
  const type = Object.keys(content).find((name) => /[/+]json\b/.test(name))
  return type === undefined ? undefined : objectOf(objectOf(content[type])?.['schema'])
}

function objectsIn(value: JsonValue | undefined, root: JsonObject): readonly JsonObject[] {
  return listOf(value)
    .map((item) => objectOf(resolveRefs(item, root)))
    .filter((item) => item !== undefined)
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : []
}

function objectOf(value: JsonValue | undefined): JsonObject | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return value as JsonObject
}
