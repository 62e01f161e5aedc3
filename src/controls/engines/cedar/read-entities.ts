import type { EntityJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { Cedar } from './cedar.ts'
import { uidKey, uidOf } from './entity-uid.ts'
import type { CedarSchema } from './read-schema.ts'
import { problemsOf, type Read, refuse, type SourceFile } from './source-file.ts'

/** Reads a file of entities in Cedar's JSON, checked against the schema. */
export function readEntities(
  cedar: Cedar,
  file: SourceFile,
  schema: CedarSchema,
): Read<ReadonlyMap<string, EntityJson>> {
  let entities: EntityJson[]
  try {
    entities = JSON.parse(file.text) as EntityJson[]
  } catch (thrown) {
    return refuse({ path: file.key, message: `${file.path}: ${String(thrown)}` })
  }
  const checked = cedar.checkParseEntities({ entities, schema: schema.text })
  if (checked.type === 'failure') {
    return { ok: false, problems: problemsOf(file, checked.errors) }
  }
  return { ok: true, value: new Map(entities.map((entity) => [uidKey(uidOf(entity.uid)), entity])) }
}
