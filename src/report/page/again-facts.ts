import type { PageFact } from '../../schema/page-data.ts'
import type { Verdict } from '../../schema/verdict.ts'
import { trialsRemedy } from '../commands/trials-needed.ts'
import { verdictLine } from '../heading.ts'
import { inReadingOrder, labelOfMetric } from '../metric-words.ts'
import { autonomyNote } from '../notes/autonomy-note.ts'
import { sayInTerminal as say } from '../say.ts'
import type { Subject } from '../subject.ts'
import { detectable } from './detectable.ts'
import { factOf, factsOf, labelled } from './facts.ts'
import { statusTone } from './status-tone.ts'

/** Whether the change may go on, how sure that is, and what it takes to be surer. */
export function againFacts(subject: Subject): readonly PageFact[] {
  const { candidate, verdict } = subject
  return [
    ...factOf('verdict', verdictLine(verdict), statusTone(verdict?.status)),
    ...(verdict === undefined
      ? []
      : [
          ...factsOf('missing', verdict.missingEvidence.map(say), 'bad'),
          ...factOf('missing', trialsRemedy(subject), 'warn'),
          ...factOf('would have found', wouldHaveFound(verdict)),
          ...labelled(autonomyNote(verdict, candidate.agentBehind), 'autonomy'),
        ]),
  ]
}

/** What this sample would have shown, had it been there. */
function wouldHaveFound({ firstRun, metrics }: Verdict): string {
  if (firstRun) return ''
  return inReadingOrder(metrics)
    .filter(({ mde, status }) => mde !== undefined && status !== 'n/a')
    .map((metric) => `${labelOfMetric(metric)}: ${detectable(metric)}`)
    .join('; ')
}
