import type { EntityJson } from '@cedar-policy/cedar-wasm/nodejs'
import { asJson } from '../../../schema/json.ts'
import type { CedarPolicy } from '../../../schema/policy-engines.ts'
import { hashOf } from '../../../text/hash.ts'
import type { EnginePorts, EngineProblem, OpenedEngine } from '../../engine-ports.ts'
import type { PolicyEngine } from '../../policy-engine.ts'
import { askCedar } from './ask-cedar.ts'
import { type Cedar, loadCedar } from './cedar.ts'
import { cedarEngine } from './cedar-engine.ts'
import { readEntities } from './read-entities.ts'
import { type CedarRule, readPolicies } from './read-policies.ts'
import { type CedarSchema, readSchema } from './read-schema.ts'
import { type CedarTerms, readTerms } from './read-terms.ts'
import { type Read, readSource, type SourceFile } from './source-file.ts'
import { validatePolicies } from './validate-policies.ts'

/**
 * Opens a policy in Cedar: reads its files, and checks the policies, the entities and the settings
 * against the schema, so that nothing of it can be wrong without a decision.
 *
 * Its decisions say that they come from a `policy`; whoever judges by it says so itself.
 *
 * @returns the engine, or all that is wrong with what `settings` names
 */
export async function openCedar(
  settings: CedarPolicy,
  ports: EnginePorts,
): Promise<OpenedEngine<PolicyEngine>> {
  const files = await readFiles(settings, ports)
  if (!files.ok) return files
  const cedar = await loadCedar()
  try {
    const read = readAll(cedar, settings, files.value)
    if (!read.ok) return read
    const { rules, terms, entities } = read.value
    const ask = askCedar(cedar, rules, terms.schema)
    const version = versionOf(settings, files.value)
    return { ok: true, engine: cedarEngine({ ask, rules, terms, entities, version }) }
  } catch (thrown) {
    return { ok: false, problems: [brokenDown(thrown)] }
  }
}

interface Files {
  readonly policies: readonly SourceFile[]
  readonly schema: SourceFile
  readonly entities: SourceFile | undefined
}

async function readFiles(settings: CedarPolicy, ports: EnginePorts): Promise<Read<Files>> {
  const named = settings.policies
  const policies = await Promise.all(
    typeof named === 'string'
      ? [readSource(ports, named, ['policies'])]
      : named.map((path, index) => readSource(ports, path, ['policies', index])),
  )
  const schema = await readSource(ports, settings.schema, ['schema'])
  const entities =
    settings.entities === undefined
      ? undefined
      : await readSource(ports, settings.entities, ['entities'])
  const problems = problemsIn([...policies, schema, ...(entities === undefined ? [] : [entities])])
  if (!schema.ok || problems.length > 0) return { ok: false, problems }
  const value = {
    policies: valuesIn(policies),
    schema: schema.value,
    entities: entities?.ok === true ? entities.value : undefined,
  }
  return { ok: true, value }
}

interface Opened {
  readonly rules: ReadonlyMap<string, CedarRule>
  readonly terms: CedarTerms
  readonly entities: ReadonlyMap<string, EntityJson>
}

/** All problems of all files at once, as far as one does not follow from another. */
function readAll(cedar: Cedar, settings: CedarPolicy, files: Files): Read<Opened> {
  const rules = readPolicies(cedar, files.policies)
  const schema = readSchema(cedar, files.schema)
  if (!schema.ok) return { ok: false, problems: problemsIn([rules, schema]) }
  const terms = readTerms(settings, schema.value)
  const entities = entitiesIn(cedar, files.entities, schema.value)
  const invalid = rules.ok ? validatePolicies(cedar, rules.value, schema.value) : []
  const problems = [...problemsIn([rules, terms, entities]), ...invalid]
  if (!rules.ok || !terms.ok || !entities.ok || invalid.length > 0) return { ok: false, problems }
  return { ok: true, value: { rules: rules.value, terms: terms.value, entities: entities.value } }
}

function entitiesIn(
  cedar: Cedar,
  file: SourceFile | undefined,
  schema: CedarSchema,
): Read<ReadonlyMap<string, EntityJson>> {
  return file === undefined ? { ok: true, value: new Map() } : readEntities(cedar, file, schema)
}

function problemsIn(all: readonly Read<unknown>[]): readonly EngineProblem[] {
  return all.flatMap((one) => (one.ok ? [] : one.problems))
}

function valuesIn<T>(all: readonly Read<T>[]): readonly T[] {
  return all.flatMap((one) => (one.ok ? [one.value] : []))
}

function versionOf(settings: CedarPolicy, { entities, policies, schema }: Files): string {
  const texts = [...policies, schema, ...(entities === undefined ? [] : [entities])]
  return hashOf({ settings: asJson(settings), texts: texts.map(({ text }) => text) })
}

/** Cedar runs out of stack on policies such as `1 + 1 + …` with thousands of terms. */
function brokenDown(thrown: unknown): EngineProblem {
  const message = `Cedar breaks down on these policies: ${String(thrown)}`
  return { path: ['policies'], message, hint: 'split conditions that are thousands of terms long' }
}
