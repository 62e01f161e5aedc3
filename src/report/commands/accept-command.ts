import type { Verdict } from '../../schema/verdict.ts'
import { shellWord } from '../../text/shell-word.ts'
import { plural } from '../format.ts'
import { sameAgent } from '../notes/agent-words.ts'
import type { ReportContext } from '../reporter.ts'
import type { Subject } from '../subject.ts'
import type { NextCommand } from './next-command.ts'

/**
 * How what was measured becomes the baseline, where that helps. A run that would thin the baseline out,
 * or that left cases out, is measured anew first.
 */
export function acceptCommand(subject: Subject, context: ReportContext): NextCommand | undefined {
  const { split, verdict } = subject
  const { runPath } = context
  if (runPath === undefined) return undefined
  if (verdict === undefined) return decide(runPath, context)
  // The committed baseline holds the cases that gate, each with all its trials.
  if (split !== undefined || verdict.sampling?.stopped !== undefined) return undefined
  // In a pull request the baseline of the base decides, whatever the change brings.
  const later = verdict.rules === undefined ? '' : '; it counts once merged'
  const update = `${context.commandPrefix} baseline update --evalset ${shellWord(context.evalSetName)}`
  const command = `${update} --from ${shellWord(runPath)}`
  const remark = `then commit it${later}`
  if (!isAcceptable(verdict)) {
    return isKeepable(verdict, context) ? kept(trialsAdvised(subject, context), 'keep') : undefined
  }
  return kept(trialsToMeasure(subject, context), 'accept')

  function kept(trials: number | undefined, purpose: 'accept' | 'keep'): NextCommand {
    if (trials === undefined) return { purpose, remark, command }
    return {
      purpose,
      remark: `measures ${plural(trials, 'trial')} of each case, ${remark}`,
      command: `${measure(context, trials)} && ${update}`,
    }
  }
}

function isKeepable({ firstRun, status }: Verdict, context: ReportContext): boolean {
  const isWhole = context.isPartial !== true && context.isUncompared !== true
  return firstRun && status === 'pass' && isWhole
}

function decide(runPath: string, { commandPrefix, shard }: ReportContext): NextCommand {
  if (shard === undefined) {
    const command = `${commandPrefix} compare ${shellWord(runPath)}`
    return { purpose: 'decide', remark: 'free', command }
  }
  const end = runPath.lastIndexOf('/')
  const folder = shellWord(end <= 0 ? '.' : runPath.slice(0, end))
  return {
    purpose: 'decide',
    remark: `free, once all ${shard.total} parts are in that folder`,
    command: `${commandPrefix} compare ${folder} --expect-shards ${shard.total}`,
  }
}

function measure({ agent, commandPrefix, evalSetName }: ReportContext, trials: number): string {
  const set = shellWord(evalSetName)
  return `${commandPrefix} run ${set} --trials ${trials} --no-gate${sameAgent(agent)}`
}

/** Trials that a first baseline should have; `undefined` where the run has them, and where nobody knows. */
function trialsAdvised(subject: Subject, context: ReportContext): number | undefined {
  const advised = context.baselineTrials
  const own = trialsPerCase(subject, context)
  return advised === undefined || own === undefined || own >= advised ? undefined : advised
}

/** Trials of each case that a new baseline needs; `undefined` where the run has them already. */
function trialsToMeasure(subject: Subject, context: ReportContext): number | undefined {
  const own = trialsPerCase(subject, context)
  if (own === undefined) return undefined
  const before = Math.round(own * timesAsMany(subject.verdict))
  if (before > own) return before
  return context.isPartial === true ? own : undefined
}

function trialsPerCase({ cases }: Subject, context: ReportContext): number | undefined {
  const counts =
    cases.length > 0
      ? cases.map(({ n }) => n)
      : (context.cases ?? []).map(({ incomplete, invalid, scored }) => {
          return incomplete + invalid + scored
        })
  if (counts.length === 0) return undefined
  return Math.max(1, Math.round(counts.reduce((sum, one) => sum + one, 0) / counts.length))
}

/** How many times the trials of this run the baseline has, by the first rate that both were counted for. */
function timesAsMany(verdict: Verdict | undefined): number {
  const rate = (verdict?.metrics ?? []).find(
    ({ kind, nBaseline, nCandidate }) => kind === 'rate' && nBaseline > 0 && nCandidate > 0,
  )
  return rate === undefined ? 1 : rate.nBaseline / rate.nCandidate
}

/** A regression that another baseline would take away: not a fact, and not what the last release shows. */
function isAcceptable({ anchor, facts, status }: Verdict): boolean {
  const isAnchored = (anchor?.metrics ?? []).some((metric) => metric.status === 'regression')
  const isFact = facts.some(({ waivedBy }) => waivedBy === undefined)
  return status === 'regression' && !isAnchored && !isFact
}
