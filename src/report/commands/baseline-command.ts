import { shellWord } from '../../text/shell-word.ts'
import type { ReportContext } from '../reporter.ts'
import type { Subject } from '../subject.ts'
import type { NextCommand } from './next-command.ts'
import { priceOf } from './price-of.ts'
import { mostTrialsInBothArms, mostTrialsNeeded } from './trials-needed.ts'

/**
 * Where the baseline is too small for any number of trials of the change to decide: how its agent is
 * measured anew. The agent that the eval set names is the baseline's unless this change touches it; then it
 * is the one of the commit that the baseline came with.
 *
 * @returns `undefined` where the change alone can decide, and where nobody knows that commit
 */
export function baselineCommand(subject: Subject, context: ReportContext): NextCommand | undefined {
  const { verdict } = subject
  const trials = trialsForBoth(subject)
  if (verdict === undefined || trials === undefined) return undefined
  const { commandPrefix, evalSetName } = context
  const set = shellWord(evalSetName)
  const run = `${commandPrefix} run ${set} --trials ${trials} --no-gate`
  const update = `${commandPrefix} baseline update --evalset ${set}`
  const price = priceOf(subject, subject.cases, trials)
  const command = (steps: readonly string[]): string => [...steps, update].join(' && ')
  if (isAgentOfSet(subject, context)) {
    return {
      purpose: 'measure the baseline',
      remark: remarkOf([price]),
      command: command([run]),
    }
  }
  const commit = commitOf(verdict.baseline?.from ?? '')
  if (commit === undefined) return undefined
  const there = [`git diff --quiet HEAD`, `git switch --detach ${commit}`, andBack(run)]
  return {
    purpose: 'measure the baseline',
    remark: remarkOf([price, 'with nothing uncommitted']),
    command: command(there),
  }
}

/**
 * Back on the branch however the run ends, and with its exit code. That `exit` stands behind the run keeps
 * a shell from replacing itself by it, and the trap with it.
 */
function andBack(run: string): string {
  return `(trap 'git switch - || exit 1' EXIT; ${run}; exit)`
}

/** As many as both arms need, where the baseline as it is cannot do. */
function trialsForBoth(subject: Subject): number | undefined {
  const status = subject.verdict?.status
  if (status !== 'inconclusive' && status !== 'pass') return undefined
  if (subject.split !== undefined || mostTrialsNeeded(subject) !== undefined) return undefined
  return mostTrialsInBothArms(subject)
}

/** Whoever named another agent, or changed nothing of it, has the baseline's in the eval set. */
function isAgentOfSet({ verdict }: Subject, { agent }: ReportContext): boolean {
  const { candidate, model = [], set = [] } = agent ?? {}
  return (
    candidate !== undefined || model.length + set.length > 0 || verdict?.inputsChanged.length === 0
  )
}

/** The commit itself, or the last one that touched the file. */
function commitOf(from: string): string | undefined {
  const named = /^git:([0-9a-f]{7,40}):/.exec(from)?.[1]
  if (named !== undefined) return named
  return from.endsWith('.json') ? `"$(git log -1 --format=%H -- ${shellWord(from)})"` : undefined
}

function remarkOf(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ')
}
