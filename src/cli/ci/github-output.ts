import { randomUUID } from 'node:crypto'
import { appendFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { annotationsOf } from '../../report/github/annotations.ts'
import { outputLines, type SetOutcome, stepOutputs } from '../../report/github/step-outputs.ts'
import { type Annotation, workflowCommand } from '../../report/github/workflow-command.ts'
import { jobSummary } from '../../report/markdown/job-summary.ts'
import { markdown } from '../../report/markdown/markdown.ts'
import { renderSkippedRun } from '../../report/markdown/skipped-run.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import type { Io } from '../io.ts'
import { runFiles } from '../run-folder/run-folder.ts'
import { ciContext } from './ci-context.ts'
import type { CiNews } from './ci-news.ts'
import { errorAnnotations } from './error-annotations.ts'

/** GitHub drops the whole summary of a step that is larger. */
const mostSummaryBytes = 1024 * 1024

/** GitHub shows ten errors of a step. */
const mostErrors = 9

/** A command that ran in a step of a GitHub job. */
export interface EndedCommand {
  readonly news: readonly CiNews[]
  readonly exitCode: number
  /** What was thrown, where it did not come to its end. */
  readonly failure?: unknown
  /** Whether its exit code is the verdict: of `run` and `compare`, not of `report`. */
  readonly decides: boolean
}

/**
 * Tells GitHub's runner what a command came to: annotations, a job summary, and the outputs of the step.
 * A summary is added to what stands there; outputs are written once, for all eval sets together.
 *
 * What cannot be written is a warning: the verdict does not depend on it.
 *
 * @param print - writes to the log past the sanitiser: these lines are meant to be obeyed
 */
export async function tellGithub(
  ended: EndedCommand,
  io: Io,
  print: (text: string) => void,
): Promise<void> {
  const { failure, news } = ended
  const lines = (await annotations(ended, io)).map(workflowCommand)
  if (lines.length > 0) print(`${lines.join('\n')}\n`)
  const { GITHUB_OUTPUT: outputs = '', GITHUB_STEP_SUMMARY: summary = '' } = io.env
  await orWarn('the job summary', io, async () => {
    for (const one of summary === '' ? [] : news) await addToSummary(summary, one)
  })
  const isOver =
    news.length > 0 || (ended.decides && (failure !== undefined || ended.exitCode !== 0))
  if (outputs === '' || !isOver) return
  await orWarn('the outputs of this step', io, async () => {
    const outcomes = await Promise.all(news.map((one) => outcomeOf(one, io)))
    const values = stepOutputs(outcomes, ended.decides ? ended.exitCode : undefined)
    const { 'report-path': reportPath, tsr } = values
    // What was decided is told by the command that decided it: a document may come from anybody.
    const told = ended.decides ? values : { tsr, 'report-path': reportPath }
    await appendFile(outputs, outputLines(told, `agent-eval-${randomUUID()}`))
  })
}

async function annotations(
  { failure, news }: EndedCommand,
  io: Io,
): Promise<readonly Annotation[]> {
  const inputs = news.flatMap((one) => (one.kind === 'result' ? [one.input] : []))
  const failed =
    failure === undefined
      ? []
      : errorAnnotations(failure, (await ciContext(io))?.repositoryFolder ?? '')
  const all = [...failed, ...annotationsOf(inputs)]
  const errors = all.filter(({ level }) => level === 'error').slice(0, mostErrors)
  return [...errors, ...all.filter(({ level }) => level !== 'error')]
}

/** The longest form for which there is room. */
async function addToSummary(file: string, news: CiNews): Promise<void> {
  const size = await sizeOf(file)
  const before = size === 0 ? '' : '\n'
  for (const render of summaries(news)) {
    const text = `${before}${render()}`
    if (Buffer.byteLength(text) + size > mostSummaryBytes) continue
    await appendFile(file, text)
    return
  }
}

function summaries(news: CiNews): readonly (() => string)[] {
  if (news.kind === 'skipped') return [() => renderSkippedRun(news.skipped, 'markdown')]
  const { input } = news
  return [() => jobSummary(input), () => markdown.render(input), () => noRoom]
}

const noRoom = 'There is no room for more: the result documents have everything.\n'

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch {
    return 0
  }
}

async function outcomeOf(news: CiNews, io: Io): Promise<SetOutcome> {
  if (news.kind === 'skipped') {
    const { fork } = news.skipped
    if (fork === undefined) return { verdict: 'skipped', exitCode: 0 }
    return { verdict: 'inconclusive', exitCode: fork.exitCode }
  }
  const { result } = news.input
  const metrics = result.kind === 'RunResult' ? result.metrics : result.candidate.metrics
  const rate = metrics?.tsr.rate
  return {
    verdict: result.verdict?.status ?? 'none',
    exitCode: result.verdict?.exitCode ?? 0,
    tsr: rate === undefined ? undefined : Number(rate.toFixed(6)),
    reportPath: await reportPath(news.input, io),
  }
}

/** Of a result on disk, from where the next steps of the job start. */
async function reportPath(
  { context, result }: Extract<CiNews, { kind: 'result' }>['input'],
  { cwd, env }: Io,
): Promise<string | undefined> {
  if (result.kind !== 'RunResult' || context.runPath === undefined) return undefined
  const file = path.resolve(cwd, context.runPath, runFiles.result)
  if ((await sizeOf(file)) === 0) return undefined
  const inWorkspace = path.relative(env['GITHUB_WORKSPACE'] ?? cwd, file)
  const isInside = !inWorkspace.startsWith('..') && !path.isAbsolute(inWorkspace)
  return (isInside ? inWorkspace : path.relative(cwd, file)).split(path.sep).join('/')
}

async function orWarn(what: string, { stderr }: Io, write: () => Promise<void>): Promise<void> {
  try {
    await write()
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    stderr.write(`agent-eval: ${what} cannot be written: ${terminalLine(why, 200)}\n`)
  }
}
