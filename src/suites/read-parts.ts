import type { z } from 'zod'
import type { Folder } from '../ports.ts'
import type { EvalSetFile } from '../schema/evalset.ts'
import { type Injections, injections } from '../schema/injections.ts'
import { type JudgingPolicy, judgingPolicy } from '../schema/policy.ts'
import { type World, world } from '../schema/world.ts'
import { attackCatalog } from './attack-catalog.ts'
import { quote } from './describe.ts'
import { fileName, leadsOut, readText } from './folder-files.ts'
import { innerPath } from './inner-path.ts'
import { type ParsedDocument, parseDocument } from './parse-document.ts'
import type { Checked } from './problem.ts'
import { type JudgeParts, readJudge } from './read-judge.ts'
import type { Source } from './source.ts'

/** A document of an eval set. Without a source the file is absent, and this is its default. */
export interface Part<T> {
  readonly value: T
  readonly source?: Source
}

export interface EvalSetParts {
  readonly world: Checked<Part<World>>
  readonly policy: Checked<Part<JudgingPolicy>>
  /** With the templates of the catalog. */
  readonly injections: Checked<Part<Injections>>
  readonly judge: Checked<JudgeParts | undefined>
}

/** Reads the documents that `evalset.yaml` names beside the cases. */
export async function readParts(
  folder: Folder,
  main: ParsedDocument<EvalSetFile>,
): Promise<EvalSetParts> {
  const noRules = judgingPolicy.parse({})
  const noInjections: Injections = { slots: {}, templates: {} }
  const [worldPart, policyPart, injectionsPart, judge] = await Promise.all([
    readPart(folder, main, { key: 'world', schema: world }),
    readPart(folder, main, { key: 'policy', schema: judgingPolicy, absent: noRules }),
    readPart(folder, main, { key: 'injections', schema: injections, absent: noInjections }),
    readJudge(folder, main),
  ])
  return { world: worldPart, policy: policyPart, injections: withCatalog(injectionsPart), judge }
}

/** The set's own templates win. */
function withCatalog(part: Checked<Part<Injections>>): Checked<Part<Injections>> {
  if (!part.ok) return part
  const { value } = part.value
  const templates = { ...attackCatalog, ...value.templates }
  return { ok: true, value: { ...part.value, value: { ...value, templates } } }
}

interface Wanted<S extends z.ZodType> {
  readonly key: 'world' | 'policy' | 'injections'
  readonly schema: S
  /** What stands for a file that is not there, if nobody named it: a misspelt policy is no policy. */
  readonly absent?: z.output<S>
}

async function readPart<S extends z.ZodType>(
  folder: Folder,
  main: ParsedDocument<EvalSetFile>,
  { key, schema, absent }: Wanted<S>,
): Promise<Checked<Part<z.output<S>>>> {
  const named = main.value[key]
  const path = innerPath(named)
  if (path === undefined) {
    return { ok: false, problems: [main.source.problem({ path: [key], message: leadsOut(named) })] }
  }
  const text = await readText(folder, path)
  if (!text.ok) return text
  if (text.value !== undefined) {
    return parseDocument({ text: text.value, file: fileName(folder, path) }, schema)
  }
  if (absent !== undefined && !Object.hasOwn(main.source.value as object, key)) {
    return { ok: true, value: { value: absent } }
  }
  const message = `there is no file ${quote(named)}`
  const hint = `create it, or name another with \`${key}:\``
  return { ok: false, problems: [main.source.problem({ path: [key], message, hint })] }
}
