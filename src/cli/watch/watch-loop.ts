import { AgentEvalError } from '../../errors.ts'
import { usd } from '../../report/format.ts'
import { renderError } from '../print/render-error.ts'
import type { NewsDesk } from './watch-news.ts'
import type { PlaceWatcher } from './watch-places.ts'
import { runRound, say, type Watch } from './watch-round.ts'
import { readGround, type WatchedGround } from './watched-ground.ts'
import { type Change, whatChanged } from './what-changed.ts'

/** What a watch goes by. */
export interface Watching {
  /** Eval sets as they were typed. */
  readonly named: readonly string[]
  readonly watch: Watch
  readonly news: NewsDesk
  readonly places: PlaceWatcher
}

/**
 * Runs once, and again whenever what a run is made of has changed, until it is told to end.
 *
 * @returns the exit code of the last run
 * @throws AgentEvalError for what already the first run cannot begin with
 */
export async function watchLoop(watching: Watching): Promise<number> {
  const { named, news, places, watch } = watching
  let ground = await readGround(named, watch.options, watch.io)
  await places.watch(ground.places)
  let code = (await runRound(everything(ground), ground, watch)) ?? 0
  // It has said what is wrong with how it was called.
  if (code === 2) return code
  let standing: Standing = { isTold: false, isBroken: false }
  while (!watch.signal.aborted) {
    if (!standing.isTold) tellWaiting(watch)
    const reason = await waitForNews(watching)
    if (reason === 'end') break
    const read = await orExplain(watch, () => readGround(named, watch.options, watch.io))
    const wasBroken = standing.isBroken
    standing = { isTold: false, isBroken: read === undefined }
    if (read === undefined) continue
    const changes = reason === 'again' ? everything(read) : whatChanged(ground.sets, read.sets)
    ground = read
    await places.watch(read.places)
    if (changes.length === 0) standing = tellUnchanged(watch, wasBroken)
    else code = (await orExplain(watch, () => runRound(changes, read, watch))) ?? code
  }
  news.close()
  return code
}

interface Standing {
  /** Somebody who looks knows that the watch waits. */
  readonly isTold: boolean
  /** What was read last does not fit. */
  readonly isBroken: boolean
}

/** Of a file that was saved and comes to the same nothing is said, but that a mistake in it is gone. */
function tellUnchanged(watch: Watch, wasBroken: boolean): Standing {
  if (wasBroken) say(watch, 'mended, and as it was before: nothing to run')
  return { isTold: !wasBroken, isBroken: false }
}

function everything({ sets }: WatchedGround): readonly Change[] {
  return sets.map(({ folder }) => ({ folder }))
}

/** Mistakes in files are what somebody is just about to mend. */
async function orExplain<T>({ io }: Watch, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof AgentEvalError)) throw error
    io.stderr.write(renderError(error))
    return undefined
  }
}

function tellWaiting(watch: Watch): void {
  const keys = watch.io.stderr.isTTY ? 'Enter runs everything, q ends' : 'Ctrl-C ends'
  const spent = watch.spentUsd === 0 ? '' : `; ${usd(watch.spentUsd)} spent so far`
  say(watch, `waiting for changes; ${keys}${spent}`)
}

async function waitForNews({ news, watch }: Watching): ReturnType<NewsDesk['next']> {
  const stop = watch.io.onKey((key) => {
    if (key === '\r' || key === '\n') news.tell('again')
    // In this mode Ctrl-C and Ctrl-D are keys like any other.
    if (['q', 'Q', '\u0003', '\u0004'].includes(key)) news.tell('end')
  })
  try {
    return await news.next()
  } finally {
    stop()
  }
}
