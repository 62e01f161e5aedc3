import { loadPrices } from '../../providers/prices/load-prices.ts'
import type { PriceList } from '../../providers/prices/price-list.ts'
import type { RunMeans } from '../../run-evalset/run-means.ts'
import type { Candidate } from '../../schema/candidate.ts'
import type { Io } from '../io.ts'
import type { Project, ProjectEvalSet } from '../project.ts'
import { cassettePlace, type OpenCassette, openCassette } from './cassette-file.ts'
import { type CommandMeans, runMeans } from './command-means.ts'
import { type AskedModels, liveModels } from './live-models.ts'

/** By what one run reaches models and agents. */
export interface OpenMeans {
  readonly means: RunMeans
  readonly asked: AskedModels
  readonly cassette: OpenCassette
}

interface MeansRequest {
  readonly project: Project
  readonly evalSet: ProjectEvalSet
  readonly candidate: Candidate
  readonly mode: 'record' | 'replay' | 'off'
  /** Nothing will be sent, and no cassette is touched. */
  readonly isDry?: boolean
}

/**
 * Opens what a run reaches the outside by. Nothing is sent yet, and prices are loaded only where
 * something may be asked that costs.
 *
 * @throws AgentEvalError (usage, input) for a cassette that cannot be used
 */
export async function openRunMeans(
  command: CommandMeans,
  { candidate, evalSet, isDry = false, mode, project }: MeansRequest,
  io: Io,
): Promise<OpenMeans> {
  const asked = liveModels(candidate, evalSet.loaded)
  const prices = await pricesFor(candidate, asked, { project, io })
  const cassette = await openCassette({
    mode: isDry ? 'off' : mode,
    place: cassettePlace(evalSet, candidate.name),
    evalSet: evalSet.id,
    candidate: candidate.name,
    redactor: command.redactor,
  })
  const own = { cassette: cassette.cassette, isDry, ...(prices !== undefined && { prices }) }
  return { means: runMeans(command, project, own), asked, cassette }
}

async function pricesFor(
  { prices, target }: Candidate,
  { beside, ofTask }: AskedModels,
  { io, project }: { readonly project: Project; readonly io: Io },
): Promise<PriceList | undefined> {
  // A module gets no way to a model from us.
  const isProxied = target !== undefined && !('module' in target)
  if (!isProxied && ofTask.length + beside.length === 0) return undefined
  const { money, providers } = project.config
  return loadPrices({
    overrides: [money.prices, prices],
    providers,
    env: io.env,
  })
}
