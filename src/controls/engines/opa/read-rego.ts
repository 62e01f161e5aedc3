import type { EnginePorts } from '../../engine-ports.ts'
import type { ReadCompiled } from './read-compiled.ts'

/** @param paths - files, or folders of which all `.rego` files but tests (`_test.rego`) count */
export async function readRego(
  paths: readonly string[],
  entrypoint: string,
  { compileRego, list, readBytes }: Pick<EnginePorts, 'compileRego' | 'list' | 'readBytes'>,
): Promise<ReadCompiled> {
  const sources = new Map<string, string>()
  for (const path of paths) {
    const files = regoFiles(path, await list(path))
    if (files.length === 0) return { ok: false, error: `there is no Rego at ${path}` }
    for (const file of files) {
      const text = textOf(await readBytes(file))
      if (text === undefined) return { ok: false, error: `${file} is no text in UTF-8` }
      sources.set(file, text)
    }
  }
  const compiled = await compileRego(sources, entrypoint)
  if (compiled.ok) return { ok: true, wasm: compiled.wasm, data: {} }
  const { hint, message } = compiled
  return { ok: false, error: message, ...(hint !== undefined && { hint }) }
}

function regoFiles(path: string, files: readonly string[]): readonly string[] {
  if (files.length === 1 && files[0] === path) return files
  return files.filter((file) => file.endsWith('.rego') && !file.endsWith('_test.rego'))
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  try {
    return bytes && new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
