import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { asJson, type JsonValue } from '../../schema/json.ts'
import { selectCases } from '../../suites/select-cases.ts'
import { readSource } from '../../suites/source.ts'
import { hashOf } from '../../text/hash.ts'
import { openCandidate } from '../candidate/candidate-file.ts'
import { cassettePlace } from '../candidate/cassette-file.ts'
import { liveModels } from '../candidate/live-models.ts'
import type { Io } from '../io.ts'
import { isThere } from '../outside/node-folder.ts'
import { evalSetFolders, openEvalSet, openProject, type Project } from '../project.ts'
import type { RunOptions } from '../run/run-options.ts'
import type { WatchPlaces } from './watch-places.ts'
import type { SetMaterial } from './what-changed.ts'

/** An eval set, as far as watching it goes. */
export interface WatchedSet extends SetMaterial {
  /** As the user would type it. */
  readonly shown: string
  /** Live models that a run of it may ask. */
  readonly asked: readonly string[]
  /** A program asks models on its own, or none: nobody knows before it runs. */
  readonly isProgram: boolean
  readonly hasCassette: boolean
}

/** What was read to find out what a run is made of. */
export interface WatchedGround {
  readonly project: Project
  readonly sets: readonly WatchedSet[]
  readonly places: WatchPlaces
}

/**
 * Reads what runs of eval sets are made of. It goes by what is in the files and not by which were
 * saved: what comes to the same needs no run.
 *
 * @throws AgentEvalError for whatever in the files does not fit
 */
export async function readGround(
  named: readonly string[],
  options: RunOptions,
  io: Io,
): Promise<WatchedGround> {
  const project = await openProject(options.config, io)
  const sets: WatchedSet[] = []
  const trees: string[] = []
  const folders = [project.root]
  for (const folder of evalSetFolders(project, named)) {
    const read = await readSet(folder, { project, options })
    sets.push(read.set)
    trees.push(folder, ...read.trees)
    folders.push(...read.folders)
  }
  const output = options.output ?? project.config.output
  // As a run and as the hash of an agent's code resolve it.
  const ignored = [path.resolve(io.cwd, output), path.resolve(project.root, output)]
  return { project, sets, places: { trees, folders, ignored } }
}

interface ReadSet extends Pick<WatchPlaces, 'trees' | 'folders'> {
  readonly set: WatchedSet
}

async function readSet(
  folder: string,
  { options, project }: { readonly project: Project; readonly options: RunOptions },
): Promise<ReadSet> {
  const evalSet = await openEvalSet(project, folder)
  const { loaded, shown } = evalSet
  const { candidate, folder: agentFolder } = await openCandidate(project, evalSet, options)
  const { beside, ofTask } = liveModels(candidate, loaded)
  const named = options.candidate ?? path.join(folder, loaded.file.candidate ?? '')
  const selected = selectCases(loaded.cases, {
    ...{ ids: options.case, grep: options.grep, layers: options.layer },
    ...{ tags: options.tag, splits: options.split, tiers: options.tier },
  })
  const hashes = selected.map(
    ({ id }) => [id, loaded.definitions.get(id)?.definitionHash ?? ''] as const,
  )
  const set = {
    ...{ folder, shown },
    common: hashOf(asJson({ candidate, file: loaded.file, config: project.config })),
    whole: loaded.hash,
    definitions: new Map(hashes),
    asked: [...ofTask, ...beside],
    isProgram: candidate.target !== undefined,
    hasCassette: await isThere(cassettePlace(evalSet, candidate.name).file),
  }
  const outside = await namedPlaces(path.resolve(project.cwd, named), agentFolder)
  return { set, trees: [agentFolder, ...outside.trees], folders: outside.folders }
}

/** Longer texts, and those of several lines, are words for a model. */
const longestPath = 300

/** Where the files lie that a candidate file names and that are not beside it or below. */
async function namedPlaces(
  file: string,
  folder: string,
): Promise<Pick<WatchPlaces, 'trees' | 'folders'>> {
  const source = readSource({ text: await readFile(file, 'utf8'), file })
  const texts = source.ok ? textsIn(source.value.value) : []
  const trees: string[] = []
  const folders: string[] = []
  for (const text of new Set(texts)) {
    const at = path.resolve(folder, text.split('#')[0] ?? '')
    if (isInside(at, folder) || isInside(folder, at)) continue
    const kind = await kindOf(at)
    if (kind === 'file') folders.push(path.dirname(at))
    if (kind === 'folder') trees.push(at)
  }
  return { trees, folders }
}

function textsIn(value: JsonValue): readonly string[] {
  if (typeof value === 'string') {
    return value.length <= longestPath && !value.includes('\n') && /[./]/.test(value) ? [value] : []
  }
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsIn) : []
}

function isInside(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(outer.endsWith(path.sep) ? outer : outer + path.sep)
}

async function kindOf(at: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await stat(at)).isDirectory() ? 'folder' : 'file'
  } catch {
    // Most texts are no paths, and some cannot even be one.
    return undefined
  }
}
