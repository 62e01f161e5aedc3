import type { Options } from 'ajv'
import { compilePattern } from '../expr/pattern.ts'
import { failure, type Result, success } from '../expr/result.ts'
import type { JsonObject, JsonValue } from '../schema/json.ts'
import { nestsDeeperThan } from './nesting.ts'
import { readableErrors, type SchemaError } from './schema-errors.ts'

/** What a value breaks of a schema, readable; nothing when it fits. Never throws. */
export type SchemaCheck = (value: JsonValue) => readonly string[]

/** Generated code grows with a schema, and a schema may come from a foreign server. */
const maxLength = 100_000
const maxDepth = 50

/** The dialects, by `$schema`; ajv has a class for each and takes no other's. */
const dialects = [
  {
    schema: /^https?:\/\/json-schema\.org\/draft-0[67]\/schema#?$/,
    load: async () => (await import('ajv')).Ajv,
  },
  {
    schema: /^https?:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/,
    load: async () => (await import('ajv/dist/2020.js')).Ajv2020,
  },
]
const newest = 'https://json-schema.org/draft/2020-12/schema'

/** ajv tells two patterns apart by their text, so each needs a `toString` of its own. */
const linearRegExp = Object.assign(
  (text: string) => {
    const compiled = compilePattern(text)
    if (!compiled.ok) throw new Error(`pattern ${text}: ${compiled.error}`)
    return { test: compiled.pattern.test, toString: () => text }
  },
  { code: 'linearRegExp' },
)

const options: Options = {
  // Ordinary tool schemas carry `x-` keywords and formats of their own.
  strict: false,
  allErrors: true,
  ownProperties: true,
  // Without it 19.99 is no multiple of 0.01.
  multipleOfPrecision: 6,
  // ajv checks the keywords it compiles in any case; the meta-schema costs 50 ms of start-up.
  validateSchema: false,
  meta: false,
  logger: false,
  code: { regExp: linearRegExp },
}

/**
 * Compiles a JSON Schema, or says what is wrong with it. Draft 6, 7 or 2020-12; without
 * `$schema` it is the last. ajv is loaded when the first schema is compiled.
 *
 * Each schema gets an instance of its own: an equal `$id` in two schemas is no conflict then.
 */
export async function compileSchema(schema: JsonObject): Promise<Result<SchemaCheck>> {
  const refused = refusal(schema)
  if (refused !== undefined) return failure(refused)
  const uri = schema['$schema'] ?? newest
  const dialect = dialects.find((known) => typeof uri === 'string' && known.schema.test(uri))
  if (dialect === undefined) {
    return failure(`unknown dialect ${JSON.stringify(uri)}; use draft 6, 7 or 2020-12`)
  }
  const [Ajv, formats] = await Promise.all([dialect.load(), import('ajv-formats')])
  const ajv = new Ajv(options)
  formats.default.default(ajv)
  try {
    const validate = ajv.compile(schema)
    return success((value) => {
      if (validate(value)) return []
      return readableErrors((validate.errors ?? []) as readonly SchemaError[])
    })
  } catch (error) {
    return failure(error instanceof Error ? error.message : String(error))
  }
}

function refusal(schema: JsonObject): string | undefined {
  if (nestsDeeperThan(schema, maxDepth)) return `a schema nests at most ${maxDepth} deep`
  if (JSON.stringify(schema).length > maxLength) {
    return `a schema has at most ${maxLength} characters`
  }
  // Such a validator answers with a promise, which would count as valid.
  return schema['$async'] === undefined ? undefined : '$async is not JSON Schema'
}
