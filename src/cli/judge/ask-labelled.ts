import { AgentEvalError } from '../../errors.ts'
import { afterTrial } from '../../judge/after-trial.ts'
import { askJudge, type JudgePort } from '../../judge/ask-judge.ts'
import { isStoredJudge, storedVotes } from '../../judge/stored-votes.ts'
import type { Transcript } from '../../judge/transcript.ts'
import { formatVotes, votesIn } from '../../judge/votes-to-store.ts'
import { noCassette } from '../../providers/cassette/cassette.ts'
import { loadPrices } from '../../providers/prices/load-prices.ts'
import { requirePrices } from '../../providers/prices/require-prices.ts'
import { runAll } from '../../replay/scheduler.ts'
import { openModels } from '../../run-evalset/open-models.ts'
import type { StoredVote } from '../../schema/judge.ts'
import type { JudgeAgreement } from '../../schema/judge-agreement.ts'
import type { TraceEvent } from '../../schema/trace.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import { type CommandMeans, commandMeans, runMeans } from '../candidate/command-means.ts'
import type { Io } from '../io.ts'
import type { CalibrationGround, JudgedSet } from './calibration-ground.ts'
import { appendLines } from './judge-files.ts'
import { writeWhole } from './write-whole.ts'

/** A labelled transcript that lacks votes and whose text is known. */
export interface OpenItem {
  readonly criterion: string
  readonly transcriptHash: string
}

/** What came of asking. */
export interface AskedNow {
  readonly votes: readonly StoredVote[]
  readonly asked: NonNullable<JudgeAgreement['asked']>
  /** What ended it early: a signal, or the budget. */
  readonly ended?: 'SIGINT' | 'SIGTERM' | 'budget'
}

interface AskOptions {
  /** US dollars. */
  readonly budget?: number
  readonly jobs?: number
}

/**
 * Asks the live judge about labelled transcripts. Each vote is on disk as soon as it is there: whatever
 * ends this early loses nothing that was paid for.
 *
 * @throws AgentEvalError (usage) for a judge that cannot be asked, and for a budget without a price
 */
export async function askLabelled(
  open: readonly OpenItem[],
  ground: CalibrationGround & { readonly evalSet: JudgedSet },
  { io, options }: { readonly io: Io; readonly options: AskOptions },
): Promise<AskedNow> {
  if (isStoredJudge(ground.judge)) {
    throw new AgentEvalError(`"${ground.judge}" cannot be asked: its votes are stored`, 'usage', {
      hint: 'leave --ask out, or name a model in evalset.yaml',
    })
  }
  const command = commandMeans(ground.project, io, options.budget)
  const judge = await openPort(ground, command, io)
  const tally: Tally = { votes: [], failed: 0, costs: [] }
  const asking = { command, ground, judge, tally }
  const ended = await askAll(open, asking, { io, jobs: options.jobs })
  if (tally.votes.length > 0) await sortVotes(ground, tally.votes)
  const costs = tally.costs.filter((cost) => cost !== undefined)
  const isPriced = costs.length === tally.costs.length
  return {
    votes: tally.votes,
    asked: {
      votes: tally.votes.length,
      failed: tally.failed,
      ...(isPriced && { costUsd: costs.reduce((sum, cost) => sum + cost, 0) }),
    },
    ...(ended !== undefined && { ended }),
  }
}

interface Tally {
  readonly votes: StoredVote[]
  failed: number
  readonly costs: (number | undefined)[]
}

interface Asking {
  readonly command: CommandMeans
  readonly ground: CalibrationGround
  readonly judge: JudgePort
  readonly tally: Tally
}

async function openPort(
  {
    evalSet: { judge },
    judge: reference,
    project,
    votes,
  }: CalibrationGround & {
    readonly evalSet: JudgedSet
  },
  command: CommandMeans,
  io: Io,
): Promise<JudgePort> {
  const { money, providers } = project.config
  const prices = await loadPrices({ overrides: [money.prices], providers, env: io.env })
  const nobody = { models: {}, model_tier: { executor: '' } }
  requirePrices({
    candidate: nobody,
    prices,
    budgetUsd: command.purse.budgetUsd,
    beside: [reference],
  })
  const models = openModels(runMeans(command, project, { cassette: noCassette, prices }))
  const live = models.open(reference, () => undefined)
  await models.load()
  const yardstick = { ...judge.yardstick, model: reference }
  return { yardstick, stored: storedVotes(votes), live }
}

async function askAll(
  open: readonly OpenItem[],
  asking: Asking,
  { io, jobs }: { readonly io: Io; readonly jobs: number | undefined },
): Promise<AskedNow['ended']> {
  const abort = new AbortController()
  const end: { by?: AskedNow['ended'] } = {}
  const stopListening = io.onInterrupt((signal) => {
    end.by = signal
    abort.abort()
  })
  const concurrency = jobs ?? asking.ground.project.config.concurrency
  let done = 0
  try {
    const work = async (item: OpenItem): Promise<void> => {
      if (asking.command.purse.isEmpty()) {
        end.by = 'budget'
        abort.abort()
        return
      }
      await askOne(item, asking, abort.signal)
      done += 1
    }
    await runAll(open, work, { concurrency, signal: abort.signal })
  } finally {
    stopListening()
  }
  if (end.by !== undefined) {
    const why = end.by === 'budget' ? 'the budget is spent' : end.by
    io.stderr.write(
      `${terminalLine(`${why}: asked about ${done} of ${open.length}; its votes are kept`)}\n`,
    )
  }
  return end.by
}

async function askOne(
  { criterion, transcriptHash }: OpenItem,
  { ground, judge, tally }: Asking,
  signal: AbortSignal,
): Promise<void> {
  const transcript = transcriptFrom(ground.transcripts.get(transcriptHash) ?? '', transcriptHash)
  const written: TraceEvent[] = []
  const { books } = afterTrial([], (event) => written.push(event))
  const trial = `judge-calibration ${transcriptHash.slice(0, 20)}`
  const judged = { transcript, criteria: [criterion], trial, seed: 0, isOpen: true }
  await askJudge(judged, judge, { books, signal })
  const live = written.filter((event) => event.type !== 'judge.vote' || event.from !== 'stored')
  const votes = votesIn(live, transcript)
  tally.votes.push(...votes)
  tally.failed += live.filter(
    (event) => event.type === 'judge.vote' && event.error !== undefined,
  ).length
  tally.costs.push(
    ...live.flatMap((event) => (event.type === 'model.response' ? [event.costUsd] : [])),
  )
  if (votes.length > 0) await appendLines(ground.votesFile, formatVotes(votes))
}

/** A transcript that was kept has no trace any more: its lines stand for its events. */
function transcriptFrom(text: string, hash: string): Transcript {
  const numbers = text.split('\n').flatMap((line) => numberOf(line))
  return { text, hash, seqOf: new Map(numbers.map((number) => [number, number])) }
}

/** Where lines were left out, the next ones keep their numbers. */
function numberOf(line: string): readonly number[] {
  const number = Number(/^\{"n":(\d{1,9}),/.exec(line)?.[1])
  return Number.isSafeInteger(number) ? [number] : []
}

/** As they came they stand in the order of answers, which differs from time to time. */
async function sortVotes(
  { keptVotes, votesFile }: CalibrationGround,
  added: readonly StoredVote[],
): Promise<void> {
  await writeWhole(votesFile.file, formatVotes([...keptVotes, ...added]), votesFile.shown)
}
