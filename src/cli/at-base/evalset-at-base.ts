import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import { type EvalSetFile, evalSetFile } from '../../schema/evalset.ts'
import type { ProjectConfig } from '../../schema/project.ts'
import { type LoadedEvalSet, loadEvalSet } from '../../suites/load-evalset.ts'
import { parseProject } from '../../suites/load-project.ts'
import { parseDocument } from '../../suites/parse-document.ts'
import { fileAtRef, folderAtRef } from '../git/git.ts'
import type { BaseCommit } from '../git/merge-base.ts'

/** An eval set as it stood at the base of a change. */
export interface EvalSetAtBase {
  /** Relative to the working directory, with `/`. */
  readonly folder: string
  readonly file: EvalSetFile
  /** Its baseline file, relative to the working directory; need not exist. */
  readonly baselineFile: string
  /** Absent where its cases, world or policy do not load there. */
  readonly loaded: LoadedEvalSet | undefined
}

/** Where an eval set may have stood. */
export interface SetQuery {
  readonly cwd: string
  readonly base: BaseCommit
  readonly id: string
  /** Where it stands now, relative to the working directory; asked where the project names none. */
  readonly folder: string
  /** The project file, relative to the working directory. */
  readonly configFile: string
}

/** A folder that a project names as that of an eval set. */
export interface NamedSet {
  /** As its project file says. */
  readonly folder: string
  /** Absent where no `evalset.yaml` can be read in it. */
  readonly id: string | undefined
}

/** What a commit knows of a project. */
export interface ProjectAtBase {
  /** Absent where there is no project file, or none that can be read. */
  readonly config: ProjectConfig | undefined
  /** In the order of the project file. */
  readonly sets: readonly NamedSet[]
  /** Absent where the base has no such eval set. */
  readonly evalSet: EvalSetAtBase | undefined
}

/**
 * Looks an eval set up at the base: by its id among those that the project had, because a set that
 * moves brings its history along, else where it stands now. A copy that the project did not run has no
 * say: its rules may be anybody's.
 *
 * @throws AgentEvalError (input) when its `evalset.yaml` is there and cannot be read: nobody knows the
 *   rules then, and the change's own may be looser. What else does not load is left out: without its
 *   cases the gate section still holds.
 */
export async function projectAtBase(query: SetQuery): Promise<ProjectAtBase> {
  const config = await configAtBase(query)
  const root = path.posix.dirname(toPosix(query.configFile))
  const here = toPosix(query.folder)
  const sets: NamedSet[] = []
  let evalSet: EvalSetAtBase | undefined
  for (const named of config?.evalsets ?? []) {
    const folder = path.posix.join(root, toPosix(named))
    const file = await mainAt(query, folder, folder === here)
    sets.push({ folder: named, id: file?.id })
    if (file?.id === query.id) evalSet ??= await setAt(query, folder, file)
  }
  return { config, sets, evalSet: evalSet ?? (await setHere(query, here)) }
}

async function setHere(query: SetQuery, folder: string): Promise<EvalSetAtBase | undefined> {
  const file = await mainAt(query, folder, true)
  return file?.id === query.id ? setAt(query, folder, file) : undefined
}

/** The project file of the base, where it is there and can be read. */
export async function configAtBase({
  base,
  configFile,
  cwd,
}: Pick<SetQuery, 'base' | 'configFile' | 'cwd'>): Promise<ProjectConfig | undefined> {
  const text = await fileAtRef(cwd, base.commit, configFile)
  const parsed = text === undefined ? undefined : parseProject(text, configFile)
  return parsed?.ok === true ? parsed.value : undefined
}

/** @param isAsked - whether it must be readable where it is there: others are only looked through */
async function mainAt(
  { base, cwd }: SetQuery,
  folder: string,
  isAsked: boolean,
): Promise<EvalSetFile | undefined> {
  const file = path.posix.join(folder, 'evalset.yaml')
  const text = await fileAtRef(cwd, base.commit, file)
  if (text === undefined) return undefined
  const parsed = parseDocument({ text, file }, evalSetFile)
  if (parsed.ok) return parsed.value.value
  if (!isAsked) return undefined
  const [problem] = parsed.problems
  throw new AgentEvalError(`cannot be read at ${base.name}: ${problem?.message ?? ''}`, 'input', {
    source: { file },
    hint: 'the rules of the gate are read there: mend it there first, or name another commit with --baseline git:REF',
  })
}

async function setAt(
  { base, cwd }: SetQuery,
  folder: string,
  file: EvalSetFile,
): Promise<EvalSetAtBase> {
  // A quarantine that has expired since is one still: then its case does not gate at the base either.
  const loaded = await loadEvalSet(await folderAtRef(cwd, base.commit, folder))
  return {
    folder,
    // With what the rules of its policy say of the gate.
    file: loaded.ok ? loaded.evalSet.file : file,
    baselineFile: path.posix.join(folder, file.baseline),
    loaded: loaded.ok ? loaded.evalSet : undefined,
  }
}

function toPosix(file: string): string {
  return path.posix.normalize(file.split(path.sep).join('/') || '.')
}
