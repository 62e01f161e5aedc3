import { AgentEvalError } from '../../errors.ts'
import type { Io } from '../io.ts'
import type { OutputOptions } from '../options.ts'
import {
  evalSetFolders,
  openEvalSet,
  openProject,
  type Project,
  type ProjectEvalSet,
} from '../project.ts'

/** What all questions about a gate can be asked with. */
export interface GateOptions extends OutputOptions {
  readonly config?: string
  readonly trials?: number
  readonly seed?: number
  readonly jobs?: number
}

/** The eval set whose gate is asked about. */
export interface GateSubject {
  readonly project: Project
  readonly evalSet: ProjectEvalSet
  readonly concurrency: number
  readonly seed: number
  /** Of each case, where neither the command line nor the case says so. */
  readonly trials: number
}

/**
 * Opens the eval set that a question is about: the one named, or the only one of the project.
 *
 * @throws AgentEvalError (usage) when there are several to choose from
 */
export async function openGateSubject(
  named: string | undefined,
  options: GateOptions,
  io: Io,
): Promise<GateSubject> {
  const project = await openProject(options.config, io)
  const [folder, ...more] = evalSetFolders(project, named === undefined ? [] : [named])
  if (folder === undefined || more.length > 0) {
    throw new AgentEvalError('this project has several eval sets, each with a gate', 'usage', {
      hint: `name one of ${project.config.evalsets.join(', ')}`,
    })
  }
  const evalSet = await openEvalSet(project, folder)
  return {
    project,
    evalSet,
    trials: project.config.trials ?? evalSet.loaded.file.defaults.trials,
    concurrency: options.jobs ?? project.config.concurrency,
    seed: options.seed ?? project.config.seed,
  }
}
