import type { PageFact } from '../../schema/page-data.ts'
import { sampleSize } from '../figures/sample.ts'
import { samplingNotes } from '../figures/sampling-notes.ts'
import { lostTrials } from '../notes/lost-trials.ts'
import { sayInTerminal as say } from '../say.ts'
import type { Subject } from '../subject.ts'
import { factOf, factsOf } from './facts.ts'

/** How much was tried, whether all of what was planned, and what was measured again. */
export function sampleEvidence(subject: Subject): readonly PageFact[] {
  const { split, verdict } = subject
  const lost = lostTrials(subject, say)
  const runs = verdict?.confirmation?.runs
  return [
    ...factOf('sample', sampleSize(subject)),
    ...factOf('split', split ?? 'gate'),
    ...factOf('lost trials', lost === '' ? 'none' : lost, lost === '' ? undefined : 'warn'),
    ...(verdict === undefined ? [] : factsOf('sampling', samplingNotes(verdict))),
    ...(runs === undefined
      ? []
      : factOf('measured again in', `${say(runs.baseline)} and ${say(runs.candidate)}`)),
  ]
}
