import type { Verdict } from '../../schema/verdict.ts'
import { shellWord } from '../../text/shell-word.ts'
import { failingCases } from '../cases/failing-cases.ts'
import { brokenIn, worstFirst } from '../cases/moved-cases.ts'
import { listed } from '../format.ts'
import { sameAgent } from '../notes/agent-words.ts'
import type { ReportContext } from '../reporter.ts'
import type { Subject } from '../subject.ts'
import { acceptCommand } from './accept-command.ts'
import { baselineCommand } from './baseline-command.ts'
import type { NextCommand } from './next-command.ts'
import { priceOf } from './price-of.ts'
import { mostTrialsInBothArms, mostTrialsNeeded } from './trials-needed.ts'

/** How many trials tell a broken case from a flaky one. */
const trialsOfOneCase = 10

/** Parts that a remark names. */
const mostParts = 5

/**
 * At most three commands: look, run again or reproduce, accept on purpose; of what nobody could decide or
 * prove, measure the baseline anew where that is too small. A pass that proves all needs only the first.
 */
export function nextCommands(subject: Subject, context: ReportContext): readonly NextCommand[] {
  // A recording cannot be run again, and no eval set of ours has it for a baseline.
  if (subject.candidate.agentBehind === 'recorded')
    return [look(subject, context)].filter((command) => command !== undefined)
  return [
    look(subject, context),
    baselineCommand(subject, context),
    again(subject, context),
    acceptCommand(subject, context),
  ].filter((command) => command !== undefined)
}

function look(
  subject: Subject,
  { runPath, commandPrefix }: ReportContext,
): NextCommand | undefined {
  if (runPath === undefined || !hasTrials(subject)) return undefined
  // What was measured again is shown with its fresh trials, so these are what there is to look at.
  const run = subject.verdict?.confirmation?.runs.candidate ?? runPath
  const worst = worstCase(subject)
  const path = worst === undefined ? run : `${run}/${worst}`
  return {
    purpose: 'look at it',
    remark: worst !== undefined && failedBefore(subject, worst) ? 'free, fails as before' : 'free',
    command: `${commandPrefix} show ${shellWord(path)}`,
  }
}

function again(subject: Subject, context: ReportContext): NextCommand | undefined {
  const split = subject.split === undefined ? '' : ` --split ${subject.split}`
  const agent = sameAgent(context.agent)
  const run = `${context.commandPrefix} run ${shellWord(context.evalSetName)}${split}${agent}`
  switch (subject.verdict?.status) {
    case undefined:
      return undefined
    case 'error':
      return afterError(subject, subject.verdict, { context, run })
    case 'pass':
      return withMoreTrials(subject, run)
    case 'inconclusive':
      return withMoreTrials(subject, run) ?? afterTimeWasUp(subject, subject.verdict, run)
    case 'regression':
      return atWorstCase(subject, run)
  }
}

/** So many that what is undecided or unproven is settled, where that is a number that anybody runs. */
function withMoreTrials(subject: Subject, run: string): NextCommand | undefined {
  const trials = mostTrialsNeeded(subject) ?? mostTrialsInBothArms(subject)
  if (trials === undefined) return undefined
  const remark = priceOf(subject, subject.cases, trials)
  return { purpose: 'run again', remark, command: `${run} --trials ${trials}` }
}

/** The one case to look at, often enough; a run that was just that is not suggested once more. */
function atWorstCase(subject: Subject, run: string): NextCommand | undefined {
  const worst = worstCase(subject)
  if (worst === undefined) return { purpose: 'run again', remark: '', command: run }
  const known = subject.cases.filter(({ id }) => id === worst)
  const isThatRun = subject.cases.length === 1 && known.some(({ n }) => n >= trialsOfOneCase)
  if (isThatRun) return undefined
  const price = priceOf(subject, known, trialsOfOneCase)
  return {
    purpose: 'reproduce',
    remark: [`one case, ${trialsOfOneCase} trials`, price].filter((part) => part !== '').join(', '),
    command: `${run} --case ${shellWord(worst)} --trials ${trialsOfOneCase}`,
  }
}

/** The first part that is not there; the command for each of the others differs in its number alone. */
function missingPart(
  { expectedShards, missingShards = [] }: ReportContext,
  run: string,
): NextCommand | undefined {
  const [first, ...others] = missingShards
  if (first === undefined || expectedShards === undefined) return undefined
  const rest = others.length === 0 ? '' : `; also missing: ${listed(others.map(String), mostParts)}`
  return {
    purpose: 'run again',
    remark: `the part that is missing${rest}`,
    command: `${run} --shard ${first}/${expectedShards}`,
  }
}

function afterError(
  subject: Subject,
  verdict: Verdict,
  { context, run }: { readonly context: ReportContext; readonly run: string },
): NextCommand {
  const part = missingPart(context, run) ?? afterTimeWasUp(subject, verdict, run)
  return part ?? { purpose: 'run again', remark: '', command: run }
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

/** Of a run in which no trial came to its end there is nothing to show. */
function hasTrials({ cases }: Subject): boolean {
  return cases.length === 0 || cases.some(({ incomplete, n, skipped }) => n > incomplete + skipped)
}

/** The case to look at first: the worst that moved and has a scored trial, else of a fact, else the first that failed. */
function worstCase({ verdict, shown }: Subject): string | undefined {
  const all = verdict === undefined ? [] : worstFirst(verdict)
  const moved = all.find(({ candidateScored }) => candidateScored > 0)
  if (moved?.direction === 'worse') return moved.id
  const [broken] = verdict === undefined ? [] : brokenIn(verdict)
  return broken ?? failingCases(shown)[0]?.id
}

/** Whether a case that fails did so in the baseline too, no less often. */
function failedBefore({ shown, verdict }: Subject, id: string): boolean {
  if (verdict === undefined || verdict.firstRun || verdict.pairedCases === 0) return false
  const { added, changed, moved } = verdict.cases
  const failing = shown.find((one) => one.id === id && one.passed < one.scored)
  if (failing === undefined || added.includes(id) || changed.includes(id)) return false
  const own = moved.find((one) => one.id === id)
  return (
    own === undefined || (own.direction === 'better' && own.baselinePassed < own.baselineScored)
  )
}
