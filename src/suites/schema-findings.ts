import type { z } from 'zod'
import { describeValue, quote } from './describe.ts'
import { limits } from './limits.ts'
import type { Finding, Path } from './problem.ts'
import { schemaMessage } from './schema-messages.ts'
import { likeliestBranch, missesKey, type UnionIssue, wantedByAll } from './union-branch.ts'

type Issue = z.core.$ZodIssue

/** A value that a schema accepts, with its defaults; or all that the schema refuses. */
export type SchemaResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly findings: readonly Finding[] }

/** Checks a value and says where it is wrong in words that a reader of the file understands. */
export function checkSchema<S extends z.ZodType>(
  schema: S,
  value: unknown,
): SchemaResult<z.output<S>> {
  const result = schema.safeParse(value, { error: schemaMessage, reportInput: true })
  if (result.success) return { ok: true, value: result.data }
  const findings = result.error.issues.flatMap((issue) => findingsOf(issue, []))
  const shown = findings.slice(0, limits.faults)
  const last = shown.at(-1)
  if (last === undefined || shown.length === findings.length) return { ok: false, findings }
  const message = `and ${findings.length - shown.length} more problems in this document`
  return { ok: false, findings: [...shown, { ...last, message }] }
}

function findingsOf(issue: Issue, base: Path): readonly Finding[] {
  const path = [...base, ...(issue.path as Path)]
  if (issue.code === 'unrecognized_keys') return unknownKeys(issue, path)
  if (issue.code === 'invalid_union') return unionFindings(issue, path)
  if (issue.code === 'invalid_key') {
    const message = `${quote(String(path.at(-1)))} is not allowed; ${issue.issues[0]?.message ?? ''}`
    return [{ path, at: 'key', message }]
  }
  return [valueFinding(issue, path)]
}

/** The message has a line for each key. */
function unknownKeys(
  issue: Extract<Issue, { code: 'unrecognized_keys' }>,
  path: Path,
): readonly Finding[] {
  const messages = issue.message.split('\n')
  return issue.keys.map((key, index) => ({
    path: [...path, key],
    at: 'key',
    message: messages[index] ?? issue.message,
  }))
}

function valueFinding(issue: Issue, path: Path): Finding {
  const { input, message } = issue
  const key = path.at(-1)
  if (input === undefined && key !== undefined && issue.code !== 'custom') {
    return { path, at: 'parent', message: `missing key ${quote(String(key))}; ${message}` }
  }
  if (issue.code !== 'invalid_format') return { path, message }
  const found = typeof input === 'string' ? quote(input) : describeValue(input)
  return { path, message: `${found} is not allowed; ${message}` }
}

/**
 * What was wrong with the branch of a union that was most likely meant; or, where none was or the
 * guess is weak, the message that the union brings itself.
 */
function unionFindings(issue: UnionIssue, path: Path): readonly Finding[] {
  const own = issue.message === '' ? undefined : issue.message
  if (issue.errors.length === 0)
    return [valueFinding({ ...issue, input: decidingValue(issue) }, path)]
  const branch = issue.input === undefined ? undefined : likeliestBranch(issue)
  if (branch === undefined) {
    const found = issue.input === undefined ? '' : `, found ${describeValue(issue.input)}`
    return [
      valueFinding({ ...issue, message: own ?? `expected ${wantedByAll(issue)}${found}` }, path),
    ]
  }
  if (own !== undefined && missesKey(branch)) return [{ path, message: own }]
  return branch.flatMap((each) => {
    const findings = findingsOf(each, path)
    if (own === undefined || each.code !== 'unrecognized_keys' || each.path.length > 0)
      return findings
    return findings.map((finding) => ({ ...finding, hint: own }))
  })
}

/** In a discriminated union the path ends in the deciding key, and the input is what holds it. */
function decidingValue(issue: UnionIssue): unknown {
  const { discriminator } = issue as { readonly discriminator?: string }
  if (discriminator === undefined) return issue.input
  return (issue.input as Readonly<Record<string, unknown>>)[discriminator]
}
