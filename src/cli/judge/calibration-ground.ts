import { AgentEvalError } from '../../errors.ts'
import { voterOf } from '../../judge/stored-votes.ts'
import type { StoredVote } from '../../schema/judge.ts'
import type { LoadedJudge } from '../../suites/load-evalset.ts'
import { readVotes } from '../../suites/read-judge.ts'
import { problemsError } from '../../suites/render-problems.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import type { Io } from '../io.ts'
import {
  evalSetFolders,
  openEvalSet,
  openProject,
  type Project,
  type ProjectEvalSet,
} from '../project.ts'
import { findRun } from '../run-folder/find-run.ts'
import { readText } from '../run-folder/run-folder.ts'
import { type JudgeFile, namedFile, ownFile } from './judge-files.ts'
import { readTranscripts } from './transcripts-file.ts'
import { votesOfRun } from './votes-of-run.ts'

export interface GroundOptions {
  readonly config?: string
  readonly labels?: string
  readonly votes?: string
  readonly judge?: string
  readonly run?: readonly string[]
  readonly ask?: boolean
  readonly write?: boolean
}

/** An eval set that has a judge. */
export interface JudgedSet extends ProjectEvalSet {
  readonly judge: LoadedJudge
}

/** Whom and what a calibration is about. */
export interface CalibrationGround {
  readonly project: Project
  /** Absent where labels and votes were named, and no eval set. */
  readonly evalSet?: JudgedSet
  /** As the eval set names it, or as its votes are signed. */
  readonly judge: string
  /** How its votes are signed. */
  readonly voter: string
  /** Votes on each criterion. */
  readonly votesEach: number
  readonly votes: readonly StoredVote[]
  /** Those of them that stand in `votesFile`. */
  readonly keptVotes: readonly StoredVote[]
  readonly labelsFile: JudgeFile
  /** Where new votes are kept. */
  readonly votesFile: JudgeFile
  /** By hash. */
  readonly transcripts: Map<string, string>
  /** Absolute folders of runs that were named. */
  readonly runs: readonly string[]
}

/**
 * Opens what `judge calibrate` works on: an eval set with its judge, or two files that say it all.
 *
 * @throws AgentEvalError (usage, input) for what is not there or does not fit
 */
export async function openCalibration(
  named: string | undefined,
  options: GroundOptions,
  io: Io,
): Promise<CalibrationGround> {
  const project = await openProject(options.config, io)
  const runs: string[] = []
  for (const run of options.run ?? []) runs.push(await findRun(run, project.config.output, io.cwd))
  const cast = await votesOf(runs)
  const { ask, labels, votes, write } = options
  const isBare = named === undefined && labels !== undefined && votes !== undefined
  if (isBare && ask !== true && write !== true) {
    return bareGround({ project, runs, cast }, { labels, votes, judge: options.judge }, io)
  }
  return ownGround({ project, runs, cast, named }, options, io)
}

interface Parts {
  readonly project: Project
  readonly runs: readonly string[]
  /** In the traces of these runs. */
  readonly cast: readonly StoredVote[]
}

async function votesOf(runs: readonly string[]): Promise<readonly StoredVote[]> {
  const all: StoredVote[] = []
  for (const run of runs) for (const { vote } of await votesOfRun(run)) all.push(vote)
  return all
}

async function ownGround(
  { cast, named, ...parts }: Parts & { readonly named: string | undefined },
  { judge, labels, votes }: GroundOptions,
  { cwd }: Io,
): Promise<CalibrationGround> {
  const evalSet = await openJudged(parts.project, named)
  const { settings } = evalSet.judge
  const votesFile =
    votes === undefined ? await ownFile(evalSet, settings.votes_file) : namedFile(votes, cwd)
  const kept = votes === undefined ? evalSet.judge.votes : await readVotesFile(votesFile)
  const asked = judge ?? settings.model
  return {
    ...parts,
    evalSet,
    judge: asked,
    voter: voterOf(asked),
    votesEach: settings.votes,
    votes: [...kept, ...cast],
    keptVotes: kept,
    labelsFile:
      labels === undefined ? await ownFile(evalSet, settings.labels) : namedFile(labels, cwd),
    votesFile,
    transcripts: await readTranscripts(await ownFile(evalSet, settings.transcripts)),
  }
}

/**
 * The eval set that is named, or else the only one of the project that has a judge.
 *
 * @throws AgentEvalError (usage) where there is none, or no telling which
 */
export async function openJudged(project: Project, named: string | undefined): Promise<JudgedSet> {
  const judged: JudgedSet[] = []
  const folders = evalSetFolders(project, named === undefined ? [] : [named])
  for (const folder of folders) {
    const evalSet = await openEvalSet(project, folder)
    const { judge } = evalSet.loaded
    if (judge !== undefined) judged.push({ ...evalSet, judge })
  }
  const [first, ...others] = judged
  if (first === undefined) {
    const message = named === undefined ? 'no eval set here has a judge' : `${named} has no judge`
    throw new AgentEvalError(message, 'usage', {
      hint: 'add `judge: { model: … }` to evalset.yaml and the criteria to rubric.yaml',
    })
  }
  if (others.length === 0) return first
  throw new AgentEvalError('several eval sets here have a judge', 'usage', {
    hint: `name one of ${judged.map(({ shown }) => shown).join(', ')}`,
  })
}

async function bareGround(
  { cast, ...parts }: Parts,
  named: { readonly labels: string; readonly votes: string; readonly judge: string | undefined },
  { cwd }: Io,
): Promise<CalibrationGround> {
  const votesFile = namedFile(named.votes, cwd)
  const keptVotes = await readVotesFile(votesFile)
  const votes = [...keptVotes, ...cast]
  const judge = named.judge ?? onlyVoter(votes, votesFile)
  const ordinals = votes.filter((vote) => vote.judge === voterOf(judge)).map((one) => one.ordinal)
  return {
    ...parts,
    judge,
    voter: voterOf(judge),
    votesEach: ordinals.reduce((most, ordinal) => Math.max(most, ordinal + 1), 1),
    votes,
    keptVotes,
    labelsFile: namedFile(named.labels, cwd),
    votesFile,
    transcripts: new Map(),
  }
}

function onlyVoter(votes: readonly StoredVote[], { shown }: JudgeFile): string {
  const voters = [...new Set(votes.map(({ judge }) => judge))].sort()
  const [first, ...others] = voters
  if (first !== undefined && others.length === 0) return first
  throw new AgentEvalError(
    first === undefined ? 'holds no vote' : `holds votes of ${voters.length} judges`,
    'usage',
    {
      source: { file: shown },
      ...(first !== undefined && { hint: `name one: --judge ${voters.slice(0, 3).join(' or ')}` }),
    },
  )
}

async function readVotesFile({ file, shown }: JudgeFile): Promise<readonly StoredVote[]> {
  const read = readVotes({ text: await readText(file, shown), file: shown })
  if (!read.ok) throw problemsError(read.problems)
  return read.value
}

/** @throws AgentEvalError (usage) naming the criteria there are */
export function requireCriterion(id: string, { judge }: JudgedSet): void {
  const { criteria } = judge.yardstick
  if (criteria.has(id)) return
  const close = didYouMean(id, [...criteria.keys()])
  throw new AgentEvalError(`unknown criterion "${id}"`, 'usage', {
    hint:
      close === undefined
        ? `the rubric has: ${[...criteria.keys()].join(', ')}`
        : `did you mean "${close}"?`,
  })
}
