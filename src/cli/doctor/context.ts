import { AgentEvalError } from '../../errors.ts'
import type { Outside } from '../../ports.ts'
import { type OpenedCandidate, openCandidate } from '../candidate/candidate-file.ts'
import type { Io } from '../io.ts'
import {
  evalSetFolders,
  openEvalSet,
  openProject,
  type Project,
  type ProjectEvalSet,
} from '../project.ts'

/** Something that was opened, or why it could not be. */
type Opened<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: unknown }

/** An eval set of the project and the candidate that it names. */
interface DoctorSet {
  /** As the project file names it. */
  readonly name: string
  /** Absolute. */
  readonly folder: string
  readonly evalSet: Opened<ProjectEvalSet>
  /** Absent where the eval set cannot be opened. */
  readonly candidate: Opened<OpenedCandidate> | undefined
}

/** What all checks look at; each file is read once. */
export interface DoctorContext {
  readonly io: Io
  readonly outside: Outside
  /** Of Node, such as `20.19.0`. */
  readonly nodeVersion: string
  /** Whether model services may be asked. */
  readonly probe: boolean
  readonly project: Opened<Project>
  readonly sets: readonly DoctorSet[]
}

interface Asked extends Pick<DoctorContext, 'io' | 'outside' | 'nodeVersion' | 'probe'> {
  readonly config: string | undefined
}

/**
 * Opens all that the project names; what cannot be opened is a finding of its own check.
 *
 * @throws AgentEvalError (usage) for a `--config` that is not there: who typed it meant another file
 */
export async function openContext({ config, ...asked }: Asked): Promise<DoctorContext> {
  const project = await opened(() => openProject(config, asked.io))
  if (!project.ok) {
    if (project.error instanceof AgentEvalError && project.error.code === 'usage')
      throw project.error
    return { ...asked, project, sets: [] }
  }
  const names = project.value.hasFile ? project.value.config.evalsets : []
  const folders = names.length === 0 ? [] : evalSetFolders(project.value, [])
  const sets: DoctorSet[] = []
  for (const [index, folder] of folders.entries()) {
    sets.push(await openSet(project.value, folder, names[index] ?? folder))
  }
  return { ...asked, project, sets }
}

async function openSet(project: Project, folder: string, name: string): Promise<DoctorSet> {
  const evalSet = await opened(() => openEvalSet(project, folder))
  const candidate = evalSet.ok
    ? await opened(() => openCandidate(project, evalSet.value, {}))
    : undefined
  return { name, folder, evalSet, candidate }
}

async function opened<T>(open: () => Promise<T>): Promise<Opened<T>> {
  try {
    return { ok: true, value: await open() }
  } catch (error) {
    return { ok: false, error }
  }
}

/** A set whose files are all in order. */
export interface UsableSet {
  readonly name: string
  readonly evalSet: ProjectEvalSet
  readonly agent: OpenedCandidate
}

/** The sets that can be looked into; what is wrong with the others is told by their own checks. */
export function usableSets({ sets }: Pick<DoctorContext, 'sets'>): readonly UsableSet[] {
  return sets.flatMap(({ candidate, evalSet, name }) =>
    evalSet.ok && candidate?.ok === true
      ? [{ name, evalSet: evalSet.value, agent: candidate.value }]
      : [],
  )
}
