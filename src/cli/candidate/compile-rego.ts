import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { CompileRego } from '../../controls/engine-ports.ts'
import { readBundle } from '../../controls/engines/opa/read-bundle.ts'
import type { Outside } from '../../ports.ts'
import { canonicalJson } from '../../text/canonical-json.ts'
import { sha256 } from '../../text/hash.ts'
import { stripControl } from '../../text/strip-control.ts'
import { truncate } from '../../text/truncate.ts'
import { type Ran, runOpa } from './run-opa.ts'

type Means = Pick<Outside, 'clock' | 'env' | 'spawn'>
type Compiled = Awaited<ReturnType<CompileRego>>

/** Enough for a dozen errors. */
const longestMessage = 2_000

/**
 * Compiles Rego with the `opa` that the user has, and remembers what came of it by the content of the
 * sources and the version of `opa`.
 *
 * @param cacheFolder - absolute; where it cannot be written, the next time takes as long as this one.
 *   By default it is the user's own and none of the project's, so that no pull request brings a
 *   compiled policy that is not the one of its sources.
 */
export function regoCompiler(
  means: Means,
  cacheFolder: string | undefined = usersCache(means.env),
): CompileRego {
  let asked: Promise<Ran> | undefined
  return async (sources, entrypoint) => {
    asked ??= runOpa(['version'], { ...means, cwd: tmpdir() })
    const version = await asked
    if (!version.ok) return whyNotRun(version, entrypoint)
    const known = { version: version.stdout, entrypoint, sources: [...sources] }
    const key = sha256(canonicalJson(known))
    const file = cacheFolder === undefined ? undefined : path.join(cacheFolder, `${key}.wasm`)
    const kept = file === undefined ? undefined : await readKept(file)
    if (kept !== undefined) return { ok: true, wasm: kept }
    const compiled = await compile({ sources, entrypoint }, means)
    if (compiled.ok && file !== undefined) await keep(file, compiled.wasm)
    return compiled
  }
}

/** Where programs keep what they can make again. */
function usersCache(env: Means['env']): string | undefined {
  const { HOME: home, LOCALAPPDATA: local, XDG_CACHE_HOME: xdg } = env
  const roots = [xdg, local, home && path.join(home, '.cache')]
  const root = roots.find((one) => one !== undefined && path.isAbsolute(one))
  return root === undefined ? undefined : path.join(root, 'agent-eval', 'rego')
}

interface Task {
  readonly sources: ReadonlyMap<string, string>
  readonly entrypoint: string
}

async function compile({ entrypoint, sources }: Task, means: Means): Promise<Compiled> {
  const folder = await mkdtemp(path.join(tmpdir(), 'agent-eval-rego-'))
  try {
    const names = await lay(sources, folder)
    const output = path.join(folder, 'bundle.tar.gz')
    const ran = await runOpa(
      ['build', '-t', 'wasm', '-e', entrypoint, '-o', output, ...names.keys()],
      { ...means, cwd: folder },
    )
    if (!ran.ok) return whyNotCompiled(ran, { entrypoint, folder, names })
    const packed = await readFile(output).catch(() => undefined)
    if (packed === undefined) return { ok: false, message: '`opa build` wrote no bundle' }
    const bundle = await readBundle(packed, entrypoint)
    return bundle.ok ? bundle : { ok: false, message: `what opa built: ${bundle.error}` }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * Writes sources into a folder, each below one of its own: their names may lead anywhere.
 *
 * @returns their own names by the ones that `opa` sees
 */
async function lay(sources: Task['sources'], folder: string): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>()
  for (const [name, text] of sources) {
    const below = `source-${names.size}`
    const file = `${below}/${path.posix.basename(name).replace(/[^\w.-]/g, '_')}`
    await mkdir(path.join(folder, below))
    await writeFile(path.join(folder, file), text)
    names.set(file, name)
  }
  return names
}

type Failed = Extract<Ran, { ok: false }>

function whyNotRun({ stderr, why }: Failed, entrypoint: string): Compiled {
  const once = `compile once where there is one (opa build -t wasm -e ${entrypoint} …) and name the bundle`
  if (why === 'absent') {
    return { ok: false, message: 'there is no `opa` on PATH', hint: `install it, or ${once}` }
  }
  const words = truncate(stripControl(stderr).trim() || 'it says nothing', 300)
  return { ok: false, message: `\`opa\` cannot be run: ${words}`, hint: once }
}

interface Laid {
  readonly entrypoint: string
  readonly folder: string
  readonly names: ReadonlyMap<string, string>
}

function whyNotCompiled(ran: Failed, { entrypoint, folder, names }: Laid): Compiled {
  if (ran.why === 'absent') return whyNotRun(ran, entrypoint)
  if (ran.why === 'late') return { ok: false, message: '`opa build` does not come to an end' }
  let said = stripControl(`${ran.stderr}\n${ran.stdout}`).replaceAll(folder + path.sep, '')
  for (const [seen, name] of names) said = said.replaceAll(seen, name)
  return { ok: false, message: `opa cannot compile it: ${truncate(said.trim(), longestMessage)}` }
}

/** As much as this compiler has of the global that Node has. */
declare const WebAssembly: { readonly validate: (bytes: Uint8Array) => boolean }

async function readKept(file: string): Promise<Uint8Array | undefined> {
  try {
    const wasm = await readFile(file)
    return WebAssembly.validate(wasm) ? wasm : undefined
  } catch {
    return undefined
  }
}

/** Moved into place whole: another run may read it meanwhile. */
async function keep(file: string, wasm: Uint8Array): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true })
    const folder = await mkdtemp(`${file}-`)
    try {
      await writeFile(path.join(folder, 'policy.wasm'), wasm)
      await rename(path.join(folder, 'policy.wasm'), file)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
  }
}
