import type { Fact, Verdict } from '../schema/verdict.ts'
import { exitCodeOf } from './settle-status.ts'

/**
 * Whether a verdict is one that fresh trials could take back: a regression that only numbers show. Facts
 * happened, and happened again or not they stand.
 */
export function needsConfirmation({ facts, status }: Pick<Verdict, 'status' | 'facts'>): boolean {
  return status === 'regression' && facts.every(isWaived)
}

/** Two measurements of the same change, the second of them with fresh trials of both arms. */
export interface Confirmation {
  readonly first: Verdict
  readonly second: Verdict
  /** Where the fresh arms can be looked at. */
  readonly runs: { readonly baseline: string; readonly candidate: string }
}

/**
 * The verdict on a change that raised an alarm and was measured again: a regression only if the fresh
 * trials alarm too. Either measurement alarms by luck at most as often as the gate allows, so both do
 * far less often.
 *
 * What is no number of the fresh trials is taken from both: facts of either stand, and so does evidence
 * that either lacks. How the case list and the inputs differ from the baseline, only the first can tell:
 * the fresh arms share one case list.
 */
export function confirmVerdict({ first, runs, second }: Confirmation): Verdict {
  const facts = [...second.facts, ...first.facts.filter((one) => !holds(second.facts, one))]
  const missingEvidence = union(second.missingEvidence, first.missingEvidence)
  const status = statusOf({ second, facts, missingEvidence })
  return {
    ...second,
    status,
    exitCode: exitCodeOf(status, second.preset, second.sampling?.stopped),
    facts,
    missingEvidence,
    warnings: union(second.warnings, first.warnings),
    cases: { ...first.cases, moved: second.cases.moved },
    inputsChanged: first.inputsChanged,
    ...ofBaseline(first),
    confirmation: {
      first: first.status,
      second: second.status,
      firstMetrics: first.metrics,
      runs: { ...runs },
    },
  }
}

function statusOf({
  facts,
  missingEvidence,
  second,
}: Pick<Confirmation, 'second'> & Pick<Verdict, 'facts' | 'missingEvidence'>): Verdict['status'] {
  if (second.status === 'regression' || !facts.every(isWaived)) return 'regression'
  return missingEvidence.length > 0 ? 'error' : second.status
}

function isWaived({ waivedBy }: Fact): boolean {
  return waivedBy !== undefined
}

/** The same finding; how often it was made may differ. */
function holds(facts: readonly Fact[], wanted: Fact): boolean {
  return facts.some(
    (one) =>
      one.kind === wanted.kind &&
      isWaived(one) === isWaived(wanted) &&
      (one.rule ?? one.message) === (wanted.rule ?? wanted.message),
  )
}

/** The committed baseline and its rules, and not the run that stood in for it. */
function ofBaseline({ baseline, rules }: Verdict): Pick<Verdict, 'baseline' | 'rules'> {
  return {
    ...(baseline !== undefined && { baseline }),
    ...(rules !== undefined && { rules }),
  }
}

function union(...lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())]
}
