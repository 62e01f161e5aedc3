import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { AgentEvalError } from '../errors.ts'
import { type ProjectConfig, projectConfig } from '../schema/project.ts'
import type { LoadedEvalSet } from '../suites/load-evalset.ts'
import { parseProject } from '../suites/load-project.ts'
import { problemsError } from '../suites/render-problems.ts'
import type { Io } from './io.ts'
import { isMissing, nodeFolder } from './outside/node-folder.ts'

/** The file that a project's runs start from. */
const defaultFile = 'agent-eval.yaml'

/** A project as its file says; paths in it are relative to the file. */
export interface Project {
  readonly config: ProjectConfig
  /** The project file as the user would type it; need not be there. */
  readonly file: string
  /** Folder of the project file, or the working directory where there is none. */
  readonly root: string
  readonly hasFile: boolean
  readonly cwd: string
  readonly env: Io['env']
  /** ISO date: a quarantine that has expired is an error. */
  readonly today: string
}

/** An eval set of the project, loaded and checked. */
export interface ProjectEvalSet {
  readonly id: string
  /** Absolute. */
  readonly folder: string
  /** As the user would type it. */
  readonly shown: string
  readonly loaded: LoadedEvalSet
  /** Absolute; need not exist yet. */
  readonly baselineFile: string
}

/**
 * Opens `agent-eval.yaml`. Without `--config` a missing file means defaults, so that
 * `agent-eval run some/evalset` works anywhere.
 *
 * @throws AgentEvalError (input) with every problem of the file
 */
export async function openProject(named: string | undefined, io: Io): Promise<Project> {
  const file = path.resolve(io.cwd, named ?? defaultFile)
  const shown = named ?? defaultFile
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    if (named === undefined && isMissing(cause)) return withoutFile(io)
    throw new AgentEvalError('cannot be read', 'usage', { source: { file: shown }, cause })
  }
  const parsed = parseProject(text, shown)
  if (!parsed.ok) throw problemsError(parsed.problems)
  return {
    config: parsed.value,
    file: shown,
    root: path.dirname(file),
    hasFile: true,
    ...placeOf(io),
  }
}

function withoutFile(io: Io): Project {
  const config = projectConfig.parse({ apiVersion: 'agent-eval/v1', evalsets: ['.'] })
  return { config, file: defaultFile, root: io.cwd, hasFile: false, ...placeOf(io) }
}

function placeOf({ cwd, env, today }: Io): Pick<Project, 'cwd' | 'env' | 'today'> {
  return { cwd, env, today: today().slice(0, 10) }
}

/** Folders of the eval sets asked for, or of all; relative to the working directory. */
export function evalSetFolders(project: Project, named: readonly string[]): readonly string[] {
  if (named.length > 0) return named.map((name) => folderOf(project, name))
  if (project.hasFile)
    return project.config.evalsets.map((name) => path.resolve(project.root, name))
  throw new AgentEvalError(`there is no ${defaultFile} here`, 'usage', {
    hint: 'name an eval set: npx agent-eval run path/to/evalset',
  })
}

/** An eval set may also be called by the name of its folder, as reports do. */
function folderOf(project: Project, name: string): string {
  const known = project.config.evalsets.find((one) => path.basename(one) === name)
  if (project.hasFile && known !== undefined) return path.resolve(project.root, known)
  return path.resolve(project.cwd, name)
}

/**
 * Loads an eval set.
 *
 * @throws AgentEvalError (input) with every problem of its files
 */
export async function openEvalSet(project: Project, folder: string): Promise<ProjectEvalSet> {
  const shown = path.relative(project.cwd, folder) || '.'
  // Most of the program stands behind it, and a command that finds its answer in a cache needs none.
  const { loadEvalSet } = await import('../suites/load-evalset.ts')
  const loaded = await loadEvalSet(nodeFolder(folder, shown), { today: project.today })
  if (!loaded.ok) throw problemsError(loaded.problems)
  const { evalSet } = loaded
  const baselineFile = path.resolve(folder, evalSet.file.baseline)
  return { id: evalSet.file.id, folder, shown, loaded: evalSet, baselineFile }
}

/** The eval set that a command is about, where only one makes sense. */
export async function singleEvalSet(
  project: Project,
  named: string | undefined,
): Promise<ProjectEvalSet> {
  const [folder, ...more] = evalSetFolders(project, named === undefined ? [] : [named])
  if (folder === undefined || more.length > 0) {
    throw new AgentEvalError('this project has several eval sets', 'usage', {
      hint: `name one with --evalset: ${project.config.evalsets.join(', ')}`,
    })
  }
  return openEvalSet(project, folder)
}
