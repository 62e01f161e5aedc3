import path from 'node:path'
import type { NamedProviders } from '../../providers/registry.ts'
import type { ProjectConfig } from '../../schema/project.ts'
import { agentInFile } from '../candidate/agent-in-file.ts'
import type { CandidateChoice } from '../candidate/candidate-file.ts'
import { type AskedModels, liveModels } from '../candidate/live-models.ts'
import { fileAtRef } from '../git/git.ts'
import type { Project } from '../project.ts'
import { configAtBase } from './evalset-at-base.ts'
import type { JudgingGround } from './judging-ground.ts'

/** What an eval set asked at the base of a change, and by whose settings. */
export interface AskedAtBase {
  readonly asked: AskedModels
  readonly providers: NamedProviders
}

/** Where the base of a change is looked up. */
export interface GroundAtBase extends Pick<JudgingGround, 'atBase' | 'base'> {
  readonly project: Pick<Project, 'cwd'>
}

/**
 * The models that the eval set asked at the base of a change: of the agent that it named there, of its
 * judge and of its simulated user.
 *
 * @returns `undefined` where that cannot be known: no base, no such eval set there, or an agent that cannot
 *   be read
 */
export async function askedAtBase(
  { atBase, base, project }: GroundAtBase,
  { config: configFile = 'agent-eval.yaml', candidate: named }: Asked,
): Promise<AskedAtBase | undefined> {
  if (base === undefined || atBase?.loaded === undefined) return undefined
  const { cwd } = project
  const file = named ?? inFolder(atBase.folder, atBase.file.candidate)
  if (file === undefined) return undefined
  const { models, providers } = (await configAtBase({ base, configFile, cwd })) ?? unsaid
  const found = await agentInFile(file, models, (name) => fileAtRef(cwd, base.commit, name))
  if (found?.agent === undefined) return undefined
  return { asked: liveModels(found.agent, atBase.loaded), providers }
}

/** Of a base without a project file. */
const unsaid: Pick<ProjectConfig, 'models' | 'providers'> = { models: {}, providers: {} }

interface Asked extends Pick<CandidateChoice, 'candidate'> {
  readonly config?: string
}

function inFolder(folder: string, file: string | undefined): string | undefined {
  return file === undefined ? undefined : path.posix.join(folder, file)
}
