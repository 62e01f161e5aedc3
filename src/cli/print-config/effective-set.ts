import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { candidateHash } from '../../run-evalset/plan-run.ts'
import { configSections, type EffectiveSet } from '../../schema/effective-config.ts'
import { judgingGround, ungated } from '../at-base/judging-ground.ts'
import { openCandidate } from '../candidate/candidate-file.ts'
import { liveModels } from '../candidate/live-models.ts'
import type { Io } from '../io.ts'
import { isMissing } from '../outside/node-folder.ts'
import { openEvalSet, type Project, type ProjectEvalSet } from '../project.ts'
import type { RunOptions } from '../run/run-options.ts'
import { candidateValues } from './candidate-values.ts'
import { evalSetValues, gateValues } from './evalset-values.ts'
import { withoutSecrets } from './hidden-values.ts'
import { emptyFile, type PlacedFile, placeFile } from './placed-file.ts'
import { projectValues } from './project-values.ts'
import { runValues } from './run-values.ts'
import { serviceValues } from './service-values.ts'
import { isJudged } from './why-ungated.ts'

interface SetRequest {
  readonly project: Project
  /** Absolute. */
  readonly folder: string
  /** As typed. */
  readonly options: RunOptions
  readonly io: Io
}

/**
 * What an eval set would be run and judged with, each value with who says so.
 *
 * @throws AgentEvalError for whatever a run would refuse: files, candidate, a base that is not here
 */
export async function effectiveSet(request: SetRequest): Promise<EffectiveSet> {
  const { folder, io, options, project } = request
  const own = await openEvalSet(project, folder)
  const ground = isJudged(options)
    ? await judgingGround(own, project, { io, options })
    : ungated(own, project)
  const files = await filesOf(request, own)
  const agent = await openCandidate(project, ground.evalSet, options)
  const placedAgent = await agentFile(request, ground.evalSet)
  const base = ground.base?.name
  const sides = { held: ground.evalSet, own, placed: files.evalSet, base }
  const { candidate } = agent
  const asked = liveModels(candidate, ground.evalSet.loaded)
  const sections = {
    run: runValues({ options, ground, own, project, files, io }),
    project: projectValues({ held: ground.project, own: project, placed: files.project, base }),
    candidate: candidateValues({ candidate, placed: placedAgent, project: files.project, options }),
    services: serviceValues({ asked, project: ground.project, placed: files.project, env: io.env }),
    evalset: evalSetValues(sides),
    gate: gateValues(sides),
  }
  return {
    id: own.id,
    folder: own.shown,
    ...(base !== undefined && { base }),
    candidate: { name: candidate.name, hash: candidateHash(candidate) },
    sections: configSections.map((name) => ({ name, values: sections[name].map(withoutSecrets) })),
    changes: [...ground.changes],
  }
}

interface PlacedFiles {
  readonly project: PlacedFile
  readonly evalSet: PlacedFile
}

async function filesOf(
  { folder, io, project }: SetRequest,
  { shown }: ProjectEvalSet,
): Promise<PlacedFiles> {
  return {
    project: await placedOnDisk(path.resolve(io.cwd, project.file), project.file),
    evalSet: await placedOnDisk(
      path.join(folder, 'evalset.yaml'),
      path.join(shown, 'evalset.yaml'),
    ),
  }
}

/** The file of the agent under test, wherever it is named. */
async function agentFile(
  { io, options }: SetRequest,
  { folder, loaded, shown }: ProjectEvalSet,
): Promise<PlacedFile> {
  if (options.candidate !== undefined) {
    return placedOnDisk(path.resolve(io.cwd, options.candidate), options.candidate)
  }
  const named = loaded.file.candidate ?? ''
  return placedOnDisk(path.resolve(folder, named), path.join(shown, named))
}

/** What was read a moment ago; a project need not have a file. */
async function placedOnDisk(file: string, shown: string): Promise<PlacedFile> {
  try {
    return placeFile(await readFile(file, 'utf8'), shown)
  } catch (error) {
    if (isMissing(error)) return emptyFile(shown)
    throw error
  }
}
