import { AgentEvalError } from '../../errors.ts'
import { comparedFigures } from '../../metrics/compared-figures.ts'
import type { PageMaterial } from '../../report/page/page-material.ts'
import { traceOrder } from '../../report/page/trace-order.ts'
import type { ReportInput } from '../../report/reporter.ts'
import { isRunFolder, pathOfRun, readArm } from '../at-base/baseline-source.ts'
import type { Io } from '../io.ts'
import { isUnfinished } from '../run-folder/find-run.ts'
import { readManifest } from '../run-folder/run-folder.ts'
import {
  type ArmSource,
  baselineSource,
  namedSource,
  type OpenIndex,
  runSource,
} from './arm-source.ts'
import type { EventIndex } from './event-index.ts'
import { type ArmEvents, fillTraces } from './fill-traces.ts'
import { historyOfRun } from './history-of-run.ts'
import { readPageAssets } from './page-assets.ts'

/** What a page is made from besides its result, and where the traces are. */
export interface PageGround {
  readonly material: PageMaterial
  readonly events: ArmEvents
}

type Reported = Pick<ReportInput, 'result' | 'context'>

export interface PageAsk {
  readonly io: Io
  /** A run or a baseline to put beside, in place of the one that was compared with. */
  readonly baseline?: string | undefined
  readonly openIndex?: OpenIndex | undefined
}

/** Everything that a page in one file holds: the client, the trials, and as many traces as fit. */
export async function pageMaterial(reported: Reported, ask: PageAsk): Promise<PageMaterial> {
  const assets = await readPageAssets()
  const { events, material } = await pageGround(reported, ask)
  const trials = {
    candidate: material.candidate?.trials ?? [],
    baseline: material.baseline?.trials ?? [],
  }
  const missing: string[] = [...(material.missing ?? [])]
  const order = traceOrder(reported.result.verdict, trials)
  const traces = await orNone('traces', () => fillTraces(order, events), missing)
  return { ...material, assets, missing, ...(traces !== undefined && { traces }) }
}

/**
 * The trials behind a result, what it was compared with, and its history. Whatever of it is not there
 * any more, or cannot be read, is said on the page: the result stands without it.
 *
 * @throws AgentEvalError for a baseline that somebody named and that is none
 */
export async function pageGround(reported: Reported, ask: PageAsk): Promise<PageGround> {
  const missing: string[] = []
  const before = await baselineOf(reported, ask, missing)
  const run = await runOf(reported, ask, missing)
  const figures = await figuresBesideRun(reported, ask)
  return {
    events: { candidate: run.events, baseline: before?.events },
    material: {
      ...run.material,
      ...(before !== undefined && { baseline: before.arm }),
      ...(figures !== undefined && { figures }),
      missing,
    },
  }
}

/** A verdict has its own baseline, and no other numbers may stand beside its. */
async function figuresBesideRun(
  { result }: Reported,
  { baseline, io }: PageAsk,
): Promise<PageMaterial['figures']> {
  const isDecided = result.kind === 'Comparison' || result.verdict?.baseline !== undefined
  if (baseline === undefined || isDecided) return undefined
  const { arm } = await readArm(baseline, io.cwd)
  return comparedFigures({ baseline: arm, candidate: result })
}

interface RunGround {
  readonly events: EventIndex | undefined
  readonly material: Pick<PageMaterial, 'candidate' | 'history' | 'unfinished'>
}

/** Nothing for a result without its run. */
async function runOf(
  { context: { runPath = '' } }: Reported,
  { io, openIndex }: PageAsk,
  missing: string[],
): Promise<RunGround> {
  const folder = await pathOfRun(runPath, io.cwd)
  const isRun = runPath !== '' && (await isRunFolder(folder))
  if (!isRun) return { events: undefined, material: {} }
  const source = await orNone('trials', () => runSource(folder, runPath, openIndex), missing)
  const read = async (): Promise<PageMaterial['history']> =>
    historyOfRun(await readManifest(folder), io)
  const history = await orNone('history', read, missing)
  const unfinished = await unfinishedOf(folder, source)
  return {
    events: source?.events,
    material: {
      ...(source !== undefined && { candidate: source.arm }),
      ...(history !== undefined && { history }),
      ...(unfinished !== undefined && { unfinished }),
    },
  }
}

async function baselineOf(
  { result }: Reported,
  { baseline, io, openIndex }: PageAsk,
  missing: string[],
): Promise<ArmSource | undefined> {
  const place = { cwd: io.cwd, openIndex }
  if (baseline !== undefined) return namedSource(baseline, place)
  const compared = result.verdict?.baseline
  if (compared === undefined) return undefined
  return orNone('baseline', () => baselineSource(compared, place), missing)
}

/** Trials that a run without a result has finished, of those that it planned. */
async function unfinishedOf(
  folder: string,
  source: ArmSource | undefined,
): Promise<PageMaterial['unfinished']> {
  if (!(await isUnfinished(folder))) return undefined
  const { cases, options } = await readManifest(folder)
  const halves = options['mode'] === 'both' ? 2 : 1
  const planned = cases.reduce((sum, { trials }) => sum + trials, 0) * halves
  const keys = (source?.arm.trials ?? []).map((line) => `${line.case}#${line.trial}${line.mode}`)
  return { finished: new Set(keys).size, planned }
}

async function orNone<T>(
  what: string,
  read: () => Promise<T>,
  missing: string[],
): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof AgentEvalError)) throw error
    const where = error.source === undefined ? '' : ` (${error.source.file})`
    missing.push(`${what}${where}: ${error.message}`)
    return undefined
  }
}
