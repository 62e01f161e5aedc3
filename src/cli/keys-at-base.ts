import path from 'node:path'
import type { NamedProviders } from '../providers/registry.ts'
import type { Candidate } from '../schema/candidate.ts'
import type { ProjectConfig } from '../schema/project.ts'
import { parseCandidate } from '../suites/load-candidate.ts'
import type { CandidateChoice } from './candidate-file.ts'
import { configAtBase } from './evalset-at-base.ts'
import { fileAtRef } from './git.ts'
import type { JudgingGround } from './judging-ground.ts'
import { type AskedModels, liveModels } from './live-models.ts'
import type { Project } from './project.ts'

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
  const read = (name: string): Promise<string | undefined> => fileAtRef(cwd, base.commit, name)
  const agent = await agentIn(file, models, read)
  if (agent === undefined) return undefined
  return { asked: liveModels(agent, atBase.loaded), providers }
}

/** @returns `undefined` where there is no such file, or none that can be read as an agent */
async function agentIn(
  file: string,
  models: Readonly<Record<string, string>>,
  read: (name: string) => Promise<string | undefined>,
): Promise<Candidate | undefined> {
  const text = await read(file)
  if (text === undefined) return undefined
  const beside = (name: string): string => path.join(path.dirname(file), name)
  const parsed = await parseCandidate(text, file, {
    models,
    overrides: { models: {}, set: [] },
    readPromptFile: (name) => read(beside(name)),
    engineFiles: {
      readBytes: async (name) => bytesOf(await read(beside(name))),
      list: async (name) => ((await read(beside(name))) === undefined ? [] : [name]),
    },
  })
  return parsed.ok ? parsed.value : undefined
}

/** Of a base without a project file. */
const unsaid: Pick<ProjectConfig, 'models' | 'providers'> = { models: {}, providers: {} }

interface Asked extends Pick<CandidateChoice, 'candidate'> {
  readonly config?: string
}

function inFolder(folder: string, file: string | undefined): string | undefined {
  return file === undefined ? undefined : path.posix.join(folder, file)
}

function bytesOf(text: string | undefined): Uint8Array | undefined {
  return text === undefined ? undefined : new TextEncoder().encode(text)
}
