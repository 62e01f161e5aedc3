import type { NamespaceDefinition, SchemaJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { Cedar } from './cedar.ts'
import { uidKey } from './entity-uid.ts'
import { findAttribute, noAttributes, type RecordShape, recordOf, type TypeJson } from './shape.ts'
import { problemsAt, problemsOf, type Read, refuse, type SourceFile } from './source-file.ts'

/** To whom and what an action applies, and what its context holds. */
export interface CedarAction {
  readonly principals: ReadonlySet<string>
  readonly resources: ReadonlySet<string>
  readonly context: RecordShape
}

/** A schema as Cedar reads it, and what it declares; all types with their namespace. */
export interface CedarSchema {
  readonly file: SourceFile
  /** In Cedar's own form, also where the file holds JSON. */
  readonly text: string
  readonly entityTypes: ReadonlyMap<string, RecordShape>
  /** By their full type and id. */
  readonly actions: ReadonlyMap<string, CedarAction>
}

/** Cedar reads a record with one of these members as something else. */
const escapes: ReadonlySet<string> = new Set(['__entity', '__extn', '__expr'])

/** Reads a schema in Cedar's own form or in JSON, which starts with a brace. */
export function readSchema(cedar: Cedar, file: SourceFile): Read<CedarSchema> {
  const written = /^\s*\{/.test(file.text)
    ? fromJson(cedar, file)
    : { ok: true as const, value: file.text }
  if (!written.ok) return written
  const text = written.value
  const resolved = cedar.schemaToJsonWithResolvedTypes(text)
  if (resolved.type === 'failure') {
    return { ok: false, problems: problemsAt(file, { text, index: 0 }, resolved.errors) }
  }
  const schema = declared(resolved.json)
  const named = [...schema.entityTypes, ...schema.actions]
  const problems = named.flatMap(([name, of]) => {
    const escape = findAttribute('context' in of ? of.context : of, escapes)
    if (escape === undefined) return []
    const message = `${file.path}: ${name} has an attribute ${escape}, which Cedar takes for something else`
    return [{ path: file.key, message }]
  })
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, value: { file, text, ...schema } }
}

function fromJson(cedar: Cedar, file: SourceFile): Read<string> {
  let json: SchemaJson<string>
  try {
    json = JSON.parse(file.text) as SchemaJson<string>
  } catch (thrown) {
    return refuse({ path: file.key, message: `${file.path}: ${String(thrown)}` })
  }
  const converted = cedar.schemaToText(json)
  if (converted.type === 'success') return { ok: true, value: converted.text }
  return { ok: false, problems: problemsOf(file, converted.errors) }
}

type Namespaces = readonly (readonly [name: string, definition: NamespaceDefinition<string>])[]
type CommonTypes = ReadonlyMap<string, TypeJson>

function declared(json: SchemaJson<string>): Pick<CedarSchema, 'entityTypes' | 'actions'> {
  const namespaces = Object.entries(json)
  const common = new Map(
    namespaces.flatMap(([namespace, { commonTypes = {} }]) =>
      Object.entries(commonTypes).map(
        ([name, type]) => [within(namespace, name), type as TypeJson] as const,
      ),
    ),
  )
  return { entityTypes: entityTypesIn(namespaces, common), actions: actionsIn(namespaces, common) }
}

function entityTypesIn(namespaces: Namespaces, common: CommonTypes): CedarSchema['entityTypes'] {
  const types = new Map<string, RecordShape>()
  for (const [namespace, { entityTypes }] of namespaces) {
    for (const [name, type] of Object.entries(entityTypes)) {
      const shape = 'enum' in type ? noAttributes : recordOf(type.shape, common)
      types.set(within(namespace, name), shape)
    }
  }
  return types
}

function actionsIn(namespaces: Namespaces, common: CommonTypes): CedarSchema['actions'] {
  const all = new Map<string, CedarAction>()
  for (const [namespace, { actions }] of namespaces) {
    for (const [id, { appliesTo }] of Object.entries(actions)) {
      all.set(uidKey({ type: within(namespace, 'Action'), id }), {
        principals: new Set(appliesTo?.principalTypes),
        resources: new Set(appliesTo?.resourceTypes),
        context: recordOf(appliesTo?.context, common),
      })
    }
  }
  return all
}

/** A name with its namespace; nothing stands before names of the empty one. */
export function within(namespace: string, name: string): string {
  return namespace === '' ? name : `${namespace}::${name}`
}
