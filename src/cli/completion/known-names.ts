import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Io } from '../io.ts'
import { openProject, type Project } from '../project.ts'
import { runFiles } from '../run-folder/run-folder.ts'
import { knownCases } from './known-cases.ts'
import type { TypedWords } from './typed-words.ts'
import type { DynamicKind } from './value-kinds.ts'

/** Where names are looked for. */
interface Ground {
  readonly io: Io
  readonly typed: TypedWords
  readonly project: Project
}

/** Each kind with who knows the names of it. */
const sources: Readonly<Record<DynamicKind, (ground: Ground) => Promise<readonly string[]>>> = {
  cases: async ({ project, typed }) => {
    const ids = await Promise.all(
      foldersFor(project, typed).map((folder) => orNothing(() => knownCases(project, folder))),
    )
    return [...new Set(ids.flat())].sort()
  },
  evalsets: ({ project }) =>
    Promise.resolve(
      project.hasFile ? project.config.evalsets.map((one) => path.basename(one)) : [],
    ),
  candidates: async ({ io, project, typed }) => {
    const found = await Promise.all(
      foldersFor(project, typed).map((folder) => orNothing(() => agentsIn(folder))),
    )
    return found.flat().map((file) => path.relative(io.cwd, file))
  },
  runs: runNames,
  shows: async (ground) => {
    const { current } = ground.typed
    const slash = current.lastIndexOf('/')
    if (slash === -1) return runNames(ground)
    const run = current.slice(0, slash)
    return (await casesOfRun(run, ground)).map((id) => `${run}/${id}`)
  },
}

/**
 * Names of a project that may stand at the cursor.
 *
 * @throws whatever goes wrong: nobody wants to read that while typing
 */
export async function knownNames(
  kind: DynamicKind,
  typed: TypedWords,
  io: Io,
): Promise<readonly string[]> {
  return sources[kind]({ io, typed, project: await openProject(typed.config, io) })
}

/** Folders of the eval sets that were typed; of all where none was. */
function foldersFor(project: Project, { plain }: TypedWords): readonly string[] {
  if (!project.hasFile) return plain.map((word) => path.resolve(project.cwd, word))
  const { evalsets } = project.config
  const typed = evalsets.filter((one) => plain.includes(path.basename(one)) || plain.includes(one))
  return (typed.length > 0 ? typed : evalsets).map((one) => path.resolve(project.root, one))
}

async function agentsIn(folder: string): Promise<readonly string[]> {
  const agents = path.join(folder, 'agents')
  const names = await readdir(agents)
  return names
    .filter((name) => /\.ya?ml$/.test(name) && !/\.policy-test\./.test(name))
    .sort()
    .map((name) => path.join(agents, name))
}

function outputOf({ io, project, typed }: Ground): string {
  return path.resolve(io.cwd, typed.output ?? project.config.output)
}

/** The newest first: it is the one that is meant. */
async function runNames(ground: Ground): Promise<readonly string[]> {
  const output = outputOf(ground)
  const dated = await Promise.all(
    (await readdir(output)).map(async (name) => ({ name, ms: await madeAt(output, name) })),
  )
  return dated
    .flatMap(({ ms, name }) => (ms === undefined ? [] : [{ ms, name }]))
    .sort((a, b) => b.ms - a.ms || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name)
}

async function madeAt(output: string, name: string): Promise<number | undefined> {
  try {
    return (await stat(path.join(output, name, runFiles.manifest))).mtimeMs
  } catch {
    return undefined
  }
}

async function casesOfRun(run: string, ground: Ground): Promise<readonly string[]> {
  for (const folder of [path.resolve(ground.io.cwd, run), path.resolve(outputOf(ground), run)]) {
    const ids = await orNothing(async () =>
      idsIn(await readFile(path.join(folder, runFiles.manifest), 'utf8')),
    )
    if (ids.length > 0) return ids
  }
  return []
}

function idsIn(manifest: string): readonly string[] {
  const { cases } = JSON.parse(manifest) as {
    readonly cases?: readonly { readonly id?: unknown }[]
  }
  return (cases ?? []).flatMap(({ id }) => (typeof id === 'string' ? [id] : []))
}

async function orNothing(find: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await find()
  } catch {
    return []
  }
}
