import type { z } from 'zod'
import type { Checked } from './problem.ts'
import type { SourceText } from './reporter.ts'
import { checkSchema } from './schema-findings.ts'
import { readSource, type Source } from './source.ts'

/** A checked value, and the way back from it to its lines. */
export interface ParsedDocument<T> {
  readonly value: T
  readonly source: Source
}

/**
 * YAML or JSON text to a value that a schema accepts, with its defaults; or all problems of the
 * file at once, each with its position. Never throws, whatever the text.
 */
export function parseDocument<S extends z.ZodType>(
  input: SourceText,
  schema: S,
): Checked<ParsedDocument<z.output<S>>> {
  const read = readSource(input)
  if (!read.ok) return read
  const source = read.value
  const checked = checkSchema(schema, source.value)
  if (!checked.ok) return { ok: false, problems: checked.findings.map(source.problem) }
  return { ok: true, value: { value: checked.value, source } }
}
