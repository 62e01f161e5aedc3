import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { EngineProblem } from '../../engine-ports.ts'
import { type Annotated, readAnnotations } from './annotations.ts'
import type { Cedar } from './cedar.ts'
import { type EntityUid, uidsIn } from './entity-uid.ts'
import { placeIn, problemsAt, type Read, refuse, type SourceFile } from './source-file.ts'
import { type Statement, splitPolicies } from './split-policies.ts'

/** One policy that is ready to be given to Cedar under its id. */
export interface CedarRule extends Omit<Annotated, 'id'> {
  readonly id: string
  readonly effect: 'permit' | 'forbid'
  readonly file: SourceFile
  readonly statement: Statement
  readonly json: PolicyJson
  /** The entities that it names. */
  readonly uids: readonly EntityUid[]
}

/**
 * Cedar's parser needs stack for each bracket, has room for about a hundred, and is broken for the
 * rest of the process when that runs out.
 */
const maxDepth = 50

/**
 * Reads the policies of all files.
 *
 * A policy without `@id` is called after its place, such as `refund.cedar:3`. Two policies of one id
 * are a problem: Cedar would keep one of them and say nothing.
 */
export function readPolicies(
  cedar: Cedar,
  files: readonly SourceFile[],
): Read<ReadonlyMap<string, CedarRule>> {
  const read = files.map((file) => readFile(cedar, file))
  const problems: EngineProblem[] = read.flatMap((one) => (one.ok ? [] : one.problems))
  const rules = new Map<string, CedarRule>()
  for (const rule of read.flatMap((one) => (one.ok ? one.value : []))) {
    const first = rules.get(rule.id)
    if (first === undefined) rules.set(rule.id, rule)
    else problems.push(twice(first, rule))
  }
  if (problems.length > 0) return { ok: false, problems }
  if (rules.size > 0) return { ok: true, value: rules }
  return refuse({
    path: ['policies'],
    message: 'there is no policy, so nothing would be permitted',
  })
}

function readFile(cedar: Cedar, file: SourceFile): Read<readonly CedarRule[]> {
  const statements = splitPolicies(file.text)
  const deep = statements.find(({ depth }) => depth > maxDepth)
  if (deep !== undefined) {
    return refuse(problem(file, deep, { message: `brackets nest deeper than ${maxDepth}` }))
  }
  const parts = cedar.policySetTextToParts(file.text)
  if (parts.type === 'failure') {
    return { ok: false, problems: problemsAt(file, { text: file.text, index: 0 }, parts.errors) }
  }
  if (parts.policies.length + parts.policy_templates.length !== statements.length) {
    return refuse({ path: file.key, message: `${file.path}: its policies cannot be told apart` })
  }
  const read = statements.map((statement) => readStatement(cedar, file, statement))
  const problems = read.flatMap((one) => (one.ok ? [] : one.problems))
  if (problems.length > 0) return { ok: false, problems }
  return { ok: true, value: read.flatMap((one) => (one.ok ? [one.value] : [])) }
}

function readStatement(cedar: Cedar, file: SourceFile, statement: Statement): Read<CedarRule> {
  if (cedar.templateToJson(statement.text).type === 'success') {
    const hint = 'write it out: templates and their links are not read'
    return refuse(
      problem(file, statement, { message: 'this is a template, which decides nothing', hint }),
    )
  }
  const parsed = cedar.policyToJson(statement.text)
  if (parsed.type === 'failure') {
    return { ok: false, problems: problemsAt(file, statement, parsed.errors) }
  }
  const { effect, annotations = {} } = parsed.json
  const annotated = readAnnotations(effect, annotations)
  if (!annotated.ok) return refuse(problem(file, statement, annotated))
  const id = annotated.value.id ?? nameByPlace(file, statement)
  const { json } = parsed
  const uids = uidsIn(json)
  return { ok: true, value: { ...annotated.value, id, effect, file, statement, json, uids } }
}

/** Ids of rules have no slashes; only the first policy of a line goes without its column. */
function nameByPlace(file: SourceFile, { index }: Statement): string {
  const place = placeIn(file, index)
    .replace(/[^A-Za-z0-9._:-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
  const isFirst = /(?:^|[\n\r])[ \t]*$/.test(file.text.slice(0, index))
  return isFirst ? place.replace(/:\d+$/, '') : place
}

function twice(first: CedarRule, second: CedarRule): EngineProblem {
  const before = placeIn(first.file, first.statement.index)
  return problem(second.file, second.statement, {
    message: `a policy called "${second.id}" stands at ${before} already`,
    hint: 'give each policy an @id of its own',
  })
}

function problem(
  file: SourceFile,
  { index }: Statement,
  { message, hint }: { readonly message: string; readonly hint?: string },
): EngineProblem {
  return {
    path: file.key,
    message: `${placeIn(file, index)}: ${message}`,
    ...(hint !== undefined && { hint }),
  }
}
