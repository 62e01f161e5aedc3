import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import { renderRunOverview } from '../../report/run-overview.ts'
import { renderTrial } from '../../report/trial/trial.ts'
import type { PlannedCase } from '../../schema/run-manifest.ts'
import type { TraceEvent } from '../../schema/trace.ts'
import type { TrialLine } from '../../schema/trial.ts'
import { formatTrialKey, parseTrialKey } from '../../schema/trial-key.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import { shellWord } from '../../text/shell-word.ts'
import { isRunFolder } from '../at-base/baseline-source.ts'
import type { Io } from '../io.ts'
import { wantsColour } from '../print/print-result.ts'
import { commandPrefix } from '../print/report-context.ts'
import { readResultOf } from '../print/reported-documents.ts'
import { writeText } from '../print/write-text.ts'
import { findRun } from '../run-folder/find-run.ts'
import { readEvents } from '../run-folder/read-events.ts'
import { readManifest, readTrials, runFiles, usualOutput } from '../run-folder/run-folder.ts'
import { acceptTrial } from './accept-trial.ts'
import { trialToCase } from './trial-to-case.ts'

export interface ShowOptions {
  readonly accept?: boolean
  readonly toCase?: string | true
}

/** `show RUN`, `show RUN/case` or `show RUN/case#n`; with an option, what a trial can become. */
export async function showAction(what: string, options: ShowOptions, io: Io): Promise<void> {
  const style = { colour: wantsColour(io, {}) }
  const { run, trial } = await split(what, io)
  if (trial === undefined) {
    refuseWithoutTrial(what, options)
    writeText(io, renderRunOverview(await readResultOf(run), style))
    return
  }
  if (options.accept === true && parseTrialKey(trial) === undefined) {
    throw new AgentEvalError('--accept needs to know which trial you have looked at', 'usage', {
      hint: `name it: npx agent-eval show ${shellWord(`${what}#1`)} --accept`,
    })
  }
  const line = await findTrial(run, trial)
  const events = await readEvents(run, formatTrialKey(line))
  const planned = (await readManifest(run)).cases.find(({ id }) => id === line.case)
  refuseHoldout(planned)
  requireOwnTrace(run, line, events)
  if (options.accept === true) return acceptTrial({ run, line, events }, io)
  if (options.toCase !== undefined) return trialToCase({ run, line, events }, options.toCase, io)
  const next = { commandPrefix, run: path.relative(io.cwd, run), trials: planned?.trials ?? 1 }
  writeText(io, renderTrial({ trial: line, events, next }, style))
}

function refuseWithoutTrial(what: string, { accept, toCase }: ShowOptions): void {
  if (accept !== true && toCase === undefined) return
  throw new AgentEvalError('--accept and --to-case are about one trial', 'usage', {
    hint: `name it: npx agent-eval show ${shellWord(`${what}/CASE#1`)}`,
  })
}

/** Whoever looks at a trial sees what it came to beside what it did: both must be of the same trial. */
function requireOwnTrace(run: string, line: TrialLine, events: readonly TraceEvent[]): void {
  const [first] = events
  const isStart = first?.type === 'trial.start'
  if (isStart && first.seed === line.seed && first.definitionHash === line.definitionHash) return
  const what = first === undefined ? 'has no trace' : 'has the trace of another'
  throw new AgentEvalError(`trial ${formatTrialKey(line)} ${what}`, 'evidence', {
    source: { file: path.join(run, runFiles.events) },
    hint: 'the file was left out, edited or mixed up; run again to see what the agent does',
  })
}

/** A holdout that was looked at is a holdout no more. */
function refuseHoldout(planned: PlannedCase | undefined): void {
  if (planned?.split !== 'holdout') return
  throw new AgentEvalError('trials of holdout cases are not shown', 'usage', {
    hint: 'the run as a whole is: npx agent-eval show RUN',
  })
}

/** The run comes first and may hold slashes; ids of cases never do. */
async function split(
  what: string,
  io: Io,
): Promise<{ readonly run: string; readonly trial: string | undefined }> {
  const slash = what.lastIndexOf('/')
  const whole = [path.resolve(io.cwd, what), path.resolve(io.cwd, usualOutput, what)]
  for (const run of whole) if (await isRunFolder(run)) return { run, trial: undefined }
  if (slash === -1) return { run: await findRun(what, usualOutput, io.cwd), trial: undefined }
  return {
    run: await findRun(what.slice(0, slash), usualOutput, io.cwd),
    trial: what.slice(slash + 1),
  }
}

/** The trial named; for a case alone its first trial that did not pass, else its first. */
async function findTrial(run: string, named: string): Promise<TrialLine> {
  const key = parseTrialKey(named)
  const wanted = key === undefined ? undefined : formatTrialKey(key)
  const ofCase: TrialLine[] = []
  for await (const line of readTrials(run)) {
    if (wanted !== undefined && formatTrialKey(line) === wanted) return line
    if (line.case === named) ofCase.push(line)
  }
  ofCase.sort((a, b) => a.trial - b.trial)
  const chosen = ofCase.find((line) => line.outcome !== 'pass' || succeeded(line)) ?? ofCase[0]
  if (chosen !== undefined) return chosen
  throw await unknownTrial(run, named)
}

function succeeded(line: TrialLine): boolean {
  return line.attack?.succeeded === true || (line.violations ?? []).length > 0
}

async function unknownTrial(run: string, named: string): Promise<AgentEvalError> {
  const { cases } = await readManifest(run)
  const id = named.replace(/#.*$/, '')
  const planned = cases.find((one) => one.id === id)
  if (planned !== undefined) {
    const hint = `${id} has trials #1 to #${planned.trials}`
    return new AgentEvalError(`the run has no finished trial ${terminalLine(named)}`, 'usage', {
      hint,
    })
  }
  const close = didYouMean(
    id,
    cases.map((one) => one.id),
  )
  return new AgentEvalError(`the run has no case "${terminalLine(id)}"`, 'usage', {
    hint:
      close === undefined
        ? 'see them all with: npx agent-eval show RUN'
        : `did you mean "${close}"?`,
  })
}
