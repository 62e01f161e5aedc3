import type { z } from 'zod'
import { rowKeyPattern } from './check-table.ts'
import { limits } from './limits.ts'

type JsonSchema = z.core.JSONSchema.BaseSchema

const placeholder: JsonSchema = { type: 'string', pattern: '\\{\\{[^{}]*\\}\\}' }

const table: JsonSchema = {
  description: 'Makes a case of each row: {{name}} stands for what the row has under that name.',
  type: 'object',
  minProperties: 1,
  maxProperties: limits.rows,
  propertyNames: { pattern: rowKeyPattern },
  additionalProperties: { type: 'object' },
}

/** The JSON Schema of a case, or of a template with `foreach`, which may have placeholders anywhere. */
export function caseOrTemplate(ofCase: JsonSchema): JsonSchema {
  const { id = {} } = ofCase.properties ?? {}
  const body = withPlaceholders(ofCase)
  const ofTemplate = { ...body, properties: { ...body.properties, id, foreach: table } }
  return { if: { required: ['foreach'] }, then: ofTemplate, else: ofCase }
}

/** The same schema, which takes a placeholder for each value inside. */
function withPlaceholders(schema: JsonSchema): JsonSchema {
  const { anyOf, oneOf, ...rest } = schema
  const { additionalProperties, items, properties } = rest
  // A placeholder for what tells the branches of a `oneOf` apart fits all of them.
  const branches = anyOf ?? oneOf
  return {
    ...rest,
    ...(properties !== undefined && { properties: membersOf(properties) }),
    ...(isSchema(additionalProperties) && {
      additionalProperties: orPlaceholder(additionalProperties),
    }),
    ...(isSchema(items) && { items: orPlaceholder(items) }),
    ...(branches !== undefined && { anyOf: branches.map(withPlaceholders) }),
  }
}

function membersOf(
  properties: NonNullable<JsonSchema['properties']>,
): NonNullable<JsonSchema['properties']> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      isSchema(schema) ? orPlaceholder(schema) : schema,
    ]),
  )
}

function orPlaceholder(schema: JsonSchema): JsonSchema {
  if (schema.$ref !== undefined || takesAnyText(schema)) return schema
  return { anyOf: [withPlaceholders(schema), placeholder] }
}

function takesAnyText({ type, pattern, enum: values, const: value, format }: JsonSchema): boolean {
  const limits = [pattern, values, value, format]
  return type === 'string' && limits.every((limit) => limit === undefined)
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
