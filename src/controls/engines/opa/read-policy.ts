import type { OpaPolicy } from '../../../schema/policy-engines.ts'
import type { EnginePorts, EngineProblem } from '../../engine-ports.ts'
import { type DataDocument, mergeData, parseObject } from './merge-data.ts'
import { readBundle } from './read-bundle.ts'
import type { ReadCompiled } from './read-compiled.ts'
import { readRego } from './read-rego.ts'
import { isGzip } from './unpack-gzip.ts'
import type { CompiledPolicy } from './wasm-policy.ts'

/** Where a compiled policy comes from. */
type PolicySource = 'wasm' | 'bundle' | 'rego'

type ReadPolicy =
  | { readonly ok: true; readonly compiled: CompiledPolicy; readonly from: PolicySource }
  | { readonly ok: false; readonly problems: readonly EngineProblem[] }

type Ports = Pick<EnginePorts, 'readBytes' | 'list' | 'compileRego'>

/** Reads the policy that is to decide in this process, and all of its data. */
export async function readPolicy(settings: OpaPolicy, ports: Ports): Promise<ReadPolicy> {
  const [[from, source], documents] = await Promise.all([
    readSource(settings, ports),
    readDocuments(settings, ports),
  ])
  const problems = [...(source.ok ? [] : [problemOf([from], source)]), ...documents.problems]
  if (!source.ok || problems.length > 0) return { ok: false, problems }
  const own = { name: from, document: source.data }
  const merged = mergeData([own, ...documents.documents])
  if (!merged.ok) return { ok: false, problems: [problemOf(['data'], merged)] }
  const { path } = settings
  return { ok: true, from, compiled: { wasm: source.wasm, data: merged.data, path } }
}

/** A fault of what a key names. */
export function problemOf(
  path: EngineProblem['path'],
  { error, hint }: { readonly error: string; readonly hint?: string },
): EngineProblem {
  return { path, message: error, ...(hint !== undefined && { hint }) }
}

async function readSource(
  { bundle, path, rego, wasm }: OpaPolicy,
  ports: Ports,
): Promise<readonly [PolicySource, ReadCompiled]> {
  if (wasm !== undefined) return ['wasm', await readWasm(wasm, ports)]
  if (bundle !== undefined) return ['bundle', await openBundle(bundle, path, ports)]
  return ['rego', await readRego([rego ?? []].flat(), path, ports)]
}

async function readWasm(file: string, { readBytes }: Ports): Promise<ReadCompiled> {
  const wasm = await readBytes(file)
  if (wasm === undefined) return { ok: false, error: `there is no file ${file}` }
  if (isGzip(wasm)) return { ok: false, error: `${file} is packed`, hint: 'name it as `bundle`' }
  return { ok: true, wasm, data: {} }
}

async function openBundle(file: string, path: string, { readBytes }: Ports): Promise<ReadCompiled> {
  const packed = await readBytes(file)
  if (packed === undefined) return { ok: false, error: `there is no file ${file}` }
  const read = await readBundle(packed, path)
  return read.ok ? read : { ...read, error: `${file}: ${read.error}` }
}

interface Documents {
  readonly documents: readonly DataDocument[]
  readonly problems: readonly EngineProblem[]
}

async function readDocuments({ data }: OpaPolicy, { readBytes }: Ports): Promise<Documents> {
  const documents: DataDocument[] = []
  const problems: EngineProblem[] = []
  for (const [index, file] of [data ?? []].flat().entries()) {
    const place = Array.isArray(data) ? ['data', index] : ['data']
    const bytes = await readBytes(file)
    const document = bytes && parseObject(bytes)
    if (document !== undefined) documents.push({ name: file, document })
    else if (bytes === undefined)
      problems.push(problemOf(place, { error: `there is no file ${file}` }))
    else problems.push(problemOf(place, { error: `${file} is no JSON object` }))
  }
  return { documents, problems }
}
