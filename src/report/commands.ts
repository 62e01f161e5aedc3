import type { CaseResult } from '../schema/run-result.ts'
import type { Verdict } from '../schema/verdict.ts'
import { failingCases } from './failing-cases.ts'
import { usd } from './format.ts'
import { brokenIn, worstFirst } from './moved-cases.ts'
import type { AgentChoice, ReportContext } from './reporter.ts'
import { shellWord } from './shell-word.ts'
import type { Subject } from './subject.ts'
import { mostTrialsNeeded } from './trials-needed.ts'

/** How many trials tell a broken case from a flaky one. */
const trialsOfOneCase = 10

/** Something to do next. */
export interface NextCommand {
  readonly purpose: 'look at it' | 'run again' | 'decide' | 'accept' | 'keep'
  /** `free`, `about $0.14`, or what must follow; empty where nothing is known. */
  readonly remark: string
  /** To be pasted into a shell; already free of control characters. */
  readonly command: string
}

/** At most three commands: look, run again, accept on purpose. A pass needs only the first. */
export function nextCommands(subject: Subject, context: ReportContext): readonly NextCommand[] {
  // A recording cannot be run again, and no eval set of ours has it for a baseline.
  if (subject.candidate.agentBehind === 'recorded')
    return [look(subject, context)].filter((command) => command !== undefined)
  return [look(subject, context), again(subject, context), accept(subject, context)].filter(
    (command) => command !== undefined,
  )
}

function look(
  subject: Subject,
  { runPath, commandPrefix }: ReportContext,
): NextCommand | undefined {
  if (runPath === undefined) return undefined
  // What was measured again is shown with its fresh trials, so these are what there is to look at.
  const run = subject.verdict?.confirmation?.runs.candidate ?? runPath
  const worst = worstCase(subject)
  const path = worst === undefined ? run : `${run}/${worst}`
  return {
    purpose: 'look at it',
    remark: 'free',
    command: `${commandPrefix} show ${shellWord(path)}`,
  }
}

function again(subject: Subject, context: ReportContext): NextCommand | undefined {
  const split = subject.split === undefined ? '' : ` --split ${subject.split}`
  const agent = sameAgent(context.agent)
  const run = `${context.commandPrefix} run ${shellWord(context.evalSetName)}${split}${agent}`
  switch (subject.verdict?.status) {
    case undefined:
    case 'pass':
      return undefined
    case 'error':
      return wholeRun(subject, subject.verdict, run)
    case 'inconclusive': {
      const trials = mostTrialsNeeded(subject)
      if (trials === undefined) return afterTimeWasUp(subject, subject.verdict, run)
      const remark = priceOf(subject, subject.cases, trials)
      return { purpose: 'run again', remark, command: `${run} --trials ${trials}` }
    }
    case 'regression': {
      const worst = worstCase(subject)
      if (worst === undefined) return { purpose: 'run again', remark: '', command: run }
      const known = subject.cases.filter(({ id }) => id === worst)
      return {
        purpose: 'run again',
        remark: priceOf(subject, known, trialsOfOneCase),
        command: `${run} --case ${shellWord(worst)} --trials ${trialsOfOneCase}`,
      }
    }
  }
}

/** Without these words another agent would run. */
function sameAgent({ candidate, model = [], set = [] }: AgentChoice = {}): string {
  const words = [
    ...(candidate === undefined ? [] : [['--candidate', candidate]]),
    ...model.map((text) => ['--model', text]),
    ...set.map((text) => ['--set', text]),
  ]
  return words.map(([flag = '', text = '']) => ` ${flag} ${shellWord(text)}`).join('')
}

function wholeRun(subject: Subject, verdict: Verdict, run: string): NextCommand {
  return afterTimeWasUp(subject, verdict, run) ?? { purpose: 'run again', remark: '', command: run }
}

/** With all the trials that were planned and no limit of time. */
function afterTimeWasUp(
  subject: Subject,
  { sampling }: Verdict,
  run: string,
): NextCommand | undefined {
  if (sampling?.stopped !== 'time') return undefined
  const cost = priceOf(subject, subject.cases, sampling.maxRounds)
  const remark = cost === '' ? 'takes longer' : `takes longer, ${cost}`
  return { purpose: 'run again', remark, command: `${run} --trials ${sampling.maxRounds}` }
}

function accept({ split, verdict }: Subject, context: ReportContext): NextCommand | undefined {
  if (context.runPath === undefined) return undefined
  const run = shellWord(context.runPath)
  if (verdict === undefined) {
    const command = `${context.commandPrefix} compare ${run}`
    return { purpose: 'decide', remark: 'free', command }
  }
  // The committed baseline holds the cases that gate, each with all its trials.
  if (split !== undefined || verdict.sampling?.stopped !== undefined) return undefined
  // A project with several eval sets has as many baselines.
  const set = shellWord(context.evalSetName)
  const command = `${context.commandPrefix} baseline update --evalset ${set} --from ${run}`
  // In a pull request the baseline of the base decides, whatever the change brings.
  const later = verdict.rules === undefined ? '' : '; it counts once merged'
  const remark = `then commit it${later}`
  if (isAcceptable(verdict)) return { purpose: 'accept', remark, command }
  if (verdict.firstRun && verdict.status === 'pass') return { purpose: 'keep', remark, command }
  return undefined
}

/** A regression that another baseline would take away: not a fact, and not what the last release shows. */
function isAcceptable({ anchor, facts, status }: Verdict): boolean {
  const isAnchored = (anchor?.metrics ?? []).some((metric) => metric.status === 'regression')
  const isFact = facts.some(({ waivedBy }) => waivedBy === undefined)
  return status === 'regression' && !isAnchored && !isFact
}

/** The case to look at first: the worst that moved, else of a fact, else the first that failed. */
function worstCase({ verdict, shown }: Subject): string | undefined {
  const moved = verdict === undefined ? undefined : worstFirst(verdict)[0]
  if (moved?.direction === 'worse') return moved.id
  const [broken] = verdict === undefined ? [] : brokenIn(verdict)
  return broken ?? failingCases(shown)[0]?.id
}

/** `about $5.10`: what so many trials of these cases would cost, by what this run's did; empty where unknown. */
export function priceOf(
  { candidate }: Subject,
  cases: readonly CaseResult[],
  trials: number,
): string {
  if (candidate.agentBehind === 'reference') return 'free'
  const means = cases.map(({ costUsd }) =>
    costUsd === undefined || costUsd.n === 0 ? undefined : costUsd.sum / costUsd.n,
  )
  const known = means.filter((mean) => mean !== undefined)
  if (known.length === 0 || known.length < means.length) return ''
  return `about ${usd(known.reduce((sum, mean) => sum + mean, 0) * trials)}`
}
