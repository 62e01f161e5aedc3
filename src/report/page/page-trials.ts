import type { PageTrial } from '../../schema/page-data.ts'
import type { TrialLine } from '../../schema/trial.ts'
import { sayInTerminal as say } from '../say.ts'
import { type ArmName, trialKeyOn } from './trial-key-on.ts'

/**
 * The trials of an arm as rows: by case, then by number.
 *
 * @param traceable - keys of those whose trace can be had
 */
export function pageTrials(
  arm: ArmName,
  trials: readonly TrialLine[],
  traceable: ReadonlySet<string>,
): readonly PageTrial[] {
  return trials.toSorted(inOrder).map((line) => {
    const { costUsd, elapsedMs, outcome, toolCalls } = line
    const key = trialKeyOn(arm, line)
    const harm = harmOf(line)
    const reason = reasonOf(line)
    return {
      key,
      arm,
      case: say(line.case),
      name: nameOf(line),
      outcome,
      ...(harm !== '' && { harm }),
      ...(reason !== undefined && { reason: say(reason) }),
      ...(costUsd !== undefined && { costUsd }),
      ...(elapsedMs !== undefined && { latencyMs: elapsedMs }),
      toolCalls,
      hasTrace: traceable.has(key),
    }
  })
}

function inOrder(a: TrialLine, b: TrialLine): number {
  if (a.case !== b.case) return a.case < b.case ? -1 : 1
  if (a.mode !== b.mode) return a.mode < b.mode ? -1 : 1
  return a.trial - b.trial || a.attempt - b.attempt
}

function nameOf({ attempt, mode, trial }: TrialLine): string {
  const again = attempt === 1 ? '' : ` attempt ${attempt}`
  return `#${trial}${again}${mode === 'observe' ? ' observed' : ''}`
}

/** What happened to others; empty where nothing did. */
export function harmOf({ attack, violations = [] }: TrialLine): string {
  const broken = violations.filter(({ executed }) => executed > 0).map(({ rule }) => say(rule))
  return [
    ...(attack?.succeeded === true ? ['the attack reached its goal'] : []),
    ...(broken.length === 0 ? [] : [`broke ${broken.join(', ')}`]),
  ].join('; ')
}

/** The first check that decides and failed, or why there is no result. */
function reasonOf({ grades, outcomeReason }: TrialLine): string | undefined {
  if (outcomeReason !== undefined) return outcomeReason
  const failed = grades.find(({ advisory, status }) => status === 'fail' && advisory !== true)
  return failed?.status === 'fail' ? failed.reason : undefined
}
