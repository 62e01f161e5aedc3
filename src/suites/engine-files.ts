import type { Folder } from '../ports.ts'
import type { CedarPolicy, OpaPolicy } from '../schema/policy-engines.ts'
import { hashOf, sha256 } from '../text/hash.ts'
import { quote } from './describe.ts'
import type { Finding, Path } from './problem.ts'

/** A policy document's sections that name files of their own. */
interface EngineSections {
  readonly opa?: OpaPolicy | undefined
  readonly cedar?: CedarPolicy | undefined
}

/** Reads what a policy names, by paths relative to the document that names it. */
export interface EngineFiles {
  readonly readBytes: (path: string) => Promise<Uint8Array | undefined>
  /** Files below a folder, sorted; of a file itself. */
  readonly list: (path: string) => Promise<readonly string[]>
}

/** What policy engines are made of. */
export interface ReadEngineFiles {
  /** Of the content of all files; absent where there are none. */
  readonly hash?: string
  /** Each file once, as it is named or found, sorted. */
  readonly paths: readonly string[]
  /** Files that are not there; paths begin at the policy's sections. */
  readonly findings: readonly Finding[]
}

/** The files of an eval set: nothing outside its folder can be opened. */
export function engineFilesIn({ list, read, readBytes }: Folder): EngineFiles {
  const bytesOf = async (path: string): Promise<Uint8Array | undefined> => {
    if (readBytes !== undefined) return readBytes(path)
    const text = await read(path)
    return text === undefined ? undefined : new TextEncoder().encode(text)
  }
  return {
    readBytes: bytesOf,
    list: async (path) => ((await bytesOf(path)) === undefined ? list(path) : [path]),
  }
}

/** Hashes the files of a policy's engines, so that a change in them is seen as a change of the policy. */
export async function readEngineFiles(
  sections: EngineSections,
  files: EngineFiles,
): Promise<ReadEngineFiles> {
  const hashes = new Map<string, string>()
  const findings: Finding[] = []
  for (const { named, path } of namedFiles(sections)) {
    const found = await files.list(named)
    if (found.length === 0) findings.push({ path, message: `there is no file ${quote(named)}` })
    for (const file of found) {
      const bytes = hashes.has(file) ? undefined : await files.readBytes(file)
      if (bytes !== undefined) hashes.set(file, sha256(bytes))
    }
  }
  const sorted = [...hashes].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    paths: sorted.map(([file]) => file),
    findings,
    ...(sorted.length > 0 && { hash: hashOf(Object.fromEntries(sorted)) }),
  }
}

interface NamedFile {
  readonly named: string
  readonly path: Path
}

function namedFiles({ cedar, opa }: EngineSections): readonly NamedFile[] {
  return [
    ...(['wasm', 'bundle', 'rego', 'data'] as const).flatMap((key) =>
      asList(opa?.[key]).map((named) => ({ named, path: ['opa', key] })),
    ),
    ...(['policies', 'schema', 'entities'] as const).flatMap((key) =>
      asList(cedar?.[key]).map((named) => ({ named, path: ['cedar', key] })),
    ),
  ]
}

function asList(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}
