import { stat } from 'node:fs/promises'
import path from 'node:path'
import { pageDataOf } from '../../report/page/page-data.ts'
import { pageTraceOf } from '../../report/page/page-trace.ts'
import { type ArmName, trialKeyOn } from '../../report/page/trial-key-on.ts'
import type { PageData, PageTrace } from '../../schema/page-data.ts'
import type { TrialLine } from '../../schema/trial.ts'
import { formatTrialKey } from '../../schema/trial-key.ts'
import type { Io } from '../io.ts'
import { isMissing } from '../outside/node-folder.ts'
import { reportContext } from '../print/report-context.ts'
import { readResultOf } from '../print/reported-documents.ts'
import { readManifest, runFiles } from '../run-folder/run-folder.ts'
import { type EventIndex, eventIndex } from './event-index.ts'
import { type PageGround, pageGround } from './page-material.ts'

/** A run to be looked at, which may go on while somebody looks. */
export interface ViewedRun {
  readonly folder: string
  /** As the user would type it. */
  readonly shown: string
  /** A run or a baseline to put beside. */
  readonly baseline: string | undefined
}

/** A page of which the run behind it may still grow. */
export interface LivePage {
  /** As of now; what has not changed is not read again. */
  readonly data: () => Promise<PageData>
  /** One trial step by step; `undefined` for one that the page does not have. */
  readonly trace: (key: string) => Promise<PageTrace | undefined>
}

interface Loaded {
  readonly stamp: string
  readonly data: PageData
  readonly traced: ReadonlyMap<string, Traced>
}

/** A trial whose events are known. */
interface Traced {
  readonly arm: ArmName
  readonly line: TrialLine
  readonly events: EventIndex
}

export function livePage(run: ViewedRun, io: Io): LivePage {
  const indexes = new Map<string, EventIndex>()
  const openIndex = (folder: string): EventIndex => {
    const index = indexes.get(folder) ?? eventIndex(folder)
    indexes.set(folder, index)
    return index
  }
  let loaded: Loaded | undefined
  let loading: Promise<Loaded> | undefined
  const load = async (): Promise<Loaded> => {
    const stamp = await stampOf(run.folder)
    if (loaded?.stamp !== stamp) loaded = { stamp, ...(await read(run, openIndex, io)) }
    return loaded
  }
  // However many ask, a large run is read once.
  const current = (): Promise<Loaded> => {
    loading ??= load().finally(() => {
      loading = undefined
    })
    return loading
  }
  return {
    data: async () => (await current()).data,
    async trace(key) {
      const found = (loaded ?? (await current())).traced.get(key)
      if (found === undefined) return undefined
      const { arm, events, line } = found
      return pageTraceOf({ arm, line, events: await events.read(formatTrialKey(line)) })
    },
  }
}

/** Changes whenever one of the run's files does. */
async function stampOf(folder: string): Promise<string> {
  const files = [runFiles.manifest, runFiles.trials, runFiles.result]
  const stamps = await Promise.all(files.map((file) => stampOfFile(path.join(folder, file))))
  return stamps.join(' ')
}

async function stampOfFile(file: string): Promise<string> {
  try {
    const { mtimeMs, size } = await stat(file)
    return `${size}@${mtimeMs}`
  } catch (error) {
    if (isMissing(error)) return 'none'
    throw error
  }
}

async function read(
  { baseline, folder, shown }: ViewedRun,
  openIndex: (folder: string) => EventIndex,
  io: Io,
): Promise<Omit<Loaded, 'stamp'>> {
  const manifest = await readManifest(folder)
  const result = await readResultOf(folder)
  const context = reportContext(result, { path: shown, manifest })
  const ground = await pageGround({ result, context }, { io, baseline, openIndex })
  const { unfinished } = ground.material
  const served = {
    isRunning: unfinished !== undefined,
    ...(unfinished !== undefined && {
      progress: `${unfinished.finished} of ${unfinished.planned} trials finished`,
    }),
  }
  const traced = tracedTrials(ground)
  const page = { ...ground.material, served, traceable: new Set(traced.keys()) }
  return { data: pageDataOf({ result, context, page }), traced }
}

function tracedTrials({ events, material }: PageGround): ReadonlyMap<string, Traced> {
  const arms = ['candidate', 'baseline'] as const
  return new Map(
    arms.flatMap((arm) => {
      const index = events[arm]
      if (index === undefined) return []
      return (material[arm]?.trials ?? [])
        .filter((line) => index.has(formatTrialKey(line)))
        .map((line) => [trialKeyOn(arm, line), { arm, line, events: index }] as const)
    }),
  )
}
