import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { JsonObject } from '../../../src/schema/json.ts'

const schema = JSON.parse(
  readFileSync(new URL('./sarif-2.1.0.json', import.meta.url), 'utf8'),
) as JsonObject

const ajv = new Ajv2020({ allErrors: true, strict: false })
addFormats.default(ajv)
const validate = ajv.compile(schema)

/** What the published schema says against a log; nothing where it is valid. */
export function sarifProblems(log: unknown): readonly string[] {
  if (validate(log)) return []
  return (validate.errors ?? []).map(
    ({ instancePath, message }) => `${instancePath} ${message ?? ''}`,
  )
}
