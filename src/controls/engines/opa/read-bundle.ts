import type { JsonObject, JsonValue } from '../../../schema/json.ts'
import { type DataDocument, mergeData, parseObject } from './merge-data.ts'
import type { ReadCompiled } from './read-compiled.ts'
import { readTar, type TarFiles } from './read-tar.ts'
import { isGzip, unpackGzip } from './unpack-gzip.ts'

/** Unpacked. Policies are some 100 KB; what is more is data. */
const maxBytes = 64 * 1024 * 1024

/**
 * Reads a bundle as `opa build -t wasm` writes it: the compiled policy that has the entrypoint, and the
 * documents under `data`.
 *
 * Nothing of it is ever written to a disk. Signatures are not checked.
 *
 * @param entrypoint - such as `support/decision`
 */
export async function readBundle(packed: Uint8Array, entrypoint: string): Promise<ReadCompiled> {
  const opened = await openArchive(packed)
  if (!opened.ok) return opened
  const { files } = opened
  const chosen = chooseModule(files, entrypoint)
  if (!chosen.ok) return chosen
  const documents = dataIn(files)
  if (!documents.ok) return documents
  const merged = mergeData(documents.documents)
  return merged.ok ? { ok: true, wasm: chosen.wasm, data: merged.data } : merged
}

type Opened =
  | { readonly ok: true; readonly files: TarFiles }
  | { readonly ok: false; readonly error: string; readonly hint?: string }

async function openArchive(packed: Uint8Array): Promise<Opened> {
  if (!isGzip(packed)) {
    const hint =
      'a bundle is a .tar.gz, as `opa build` writes it; a bare policy.wasm goes to `wasm`'
    return { ok: false, error: 'it is not packed with gzip', hint }
  }
  try {
    const archive = await unpackGzip(packed, maxBytes)
    if (archive !== undefined) return readTar(archive)
    return { ok: false, error: `unpacked it is more than ${maxBytes / 1024 / 1024} MB` }
  } catch {
    return { ok: false, error: 'its gzip is broken' }
  }
}

type Chosen =
  | { readonly ok: true; readonly wasm: Uint8Array }
  | { readonly ok: false; readonly error: string; readonly hint?: string }

/** The manifest says which module has which entrypoint; without one there is only `policy.wasm`. */
function chooseModule(files: TarFiles, entrypoint: string): Chosen {
  const hint = `opa build -t wasm -e ${entrypoint} …`
  const listed = listedModules(files)
  if (listed === undefined) return { ok: false, error: 'its .manifest is no JSON object' }
  const own = listed.find((one) => one.entrypoint === entrypoint)
  if (listed.length > 0 && own === undefined) {
    const names = listed.map((one) => one.entrypoint).join(', ')
    return { ok: false, error: `it has no entrypoint ${entrypoint}; it has ${names}`, hint }
  }
  const name = own?.module ?? 'policy.wasm'
  const wasm = files.get(name)
  return wasm === undefined ? { ok: false, error: `it has no ${name}`, hint } : { ok: true, wasm }
}

interface ListedModule {
  readonly entrypoint: string
  readonly module: string
}

function listedModules(files: TarFiles): readonly ListedModule[] | undefined {
  const file = files.get('.manifest')
  if (file === undefined) return []
  const manifest = parseObject(file)
  if (manifest === undefined) return undefined
  const { wasm } = manifest
  return Array.isArray(wasm) ? (wasm as readonly JsonValue[]).flatMap(listedModule) : []
}

function listedModule(entry: JsonValue): readonly ListedModule[] {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return []
  const { entrypoint, module = 'policy.wasm' } = entry as JsonObject
  if (typeof entrypoint !== 'string' || typeof module !== 'string') return []
  return [{ entrypoint, module: module.replace(/^\/+/, '') }]
}

type DataIn =
  | { readonly ok: true; readonly documents: readonly DataDocument[] }
  | { readonly ok: false; readonly error: string; readonly hint?: string }

/** `a/b/data.json` is `data.a.b`. */
function dataIn(files: TarFiles): DataIn {
  const documents: DataDocument[] = []
  for (const [name, content] of files) {
    const parts = name.split('/')
    const last = parts.pop()
    if (last === 'data.yaml' || last === 'data.yml') {
      const hint = 'build it with `opa build`, which makes data.json of it'
      return { ok: false, error: `${name} is YAML`, hint }
    }
    if (last !== 'data.json') continue
    const inner = parseObject(content)
    if (inner === undefined) return { ok: false, error: `${name} is no JSON object` }
    const document = parts.reduceRight<JsonObject>((value, part) => ({ [part]: value }), inner)
    documents.push({ name, document })
  }
  return { ok: true, documents }
}
