import type { PageFact } from '../../schema/page-data.ts'
import type { Verdict } from '../../schema/verdict.ts'
import { trialsRemedy } from '../commands/trials-needed.ts'
import { plural, whole } from '../format.ts'
import { verdictLine } from '../heading.ts'
import { inReadingOrder, labelOfMetric } from '../metric-words.ts'
import { autonomyNote } from '../notes/autonomy-note.ts'
import { sayInTerminal as say } from '../say.ts'
import type { Subject } from '../subject.ts'
import { detectable } from './detectable.ts'
import { factOf, factsOf, labelled } from './facts.ts'
import { whetherAgain } from './whether-again.ts'

/** Whether the change may go on, how sure that is, and, where that is open, what it takes to be surer. */
export function againFacts(subject: Subject): readonly PageFact[] {
  const { verdict } = subject
  return [
    whetherAgain(subject),
    ...factOf('verdict', verdictLine(verdict)),
    ...(verdict === undefined ? [] : factsOf('missing', verdict.missingEvidence.map(say), 'bad')),
    ...(verdict !== undefined && isOpen(verdict) ? whatItTakes(subject, verdict) : []),
    ...(verdict === undefined ? [] : autonomy(subject, verdict)),
  ]
}

/** A verdict that stands asks for no more trials, and what it might have found is not what it found. */
function isOpen({ firstRun, metrics, status }: Verdict): boolean {
  if (firstRun || status === 'regression') return false
  return status === 'inconclusive' || metrics.some((metric) => metric.status === 'unproven')
}

function whatItTakes(subject: Subject, verdict: Verdict): readonly PageFact[] {
  return [
    ...factOf('missing', trialsRemedy(subject), 'warn'),
    ...factOf('would have found', wouldHaveFound(verdict)),
  ]
}

/** What this sample would have shown, had it been there. */
function wouldHaveFound({ metrics }: Verdict): string {
  return inReadingOrder(metrics)
    .filter(({ status }) => status !== 'n/a')
    .map((metric) => ({ label: labelOfMetric(metric), size: detectable(metric) }))
    .filter(({ size }) => size !== '')
    .map(({ label, size }) => `${label}: ${size}`)
    .join('; ')
}

/** The shares are those of the tier's own cases, and not those of all that stand in the first answer. */
function autonomy({ candidate }: Subject, verdict: Verdict): readonly PageFact[] {
  const next = verdict.autonomy?.tiers.find(({ checks }) =>
    checks.some(({ status }) => status !== 'met'),
  )
  const of =
    next === undefined
      ? ''
      : ` (counted over the ${plural(next.cases, 'case')} of tier ${next.tier} alone, ${whole(next.trials)} trials)`
  return labelled(autonomyNote(verdict, candidate.agentBehind), 'autonomy').map((one) => ({
    ...one,
    value: `${one.value}${of}`,
  }))
}
