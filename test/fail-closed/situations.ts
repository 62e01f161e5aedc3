import { afterTheVerdict } from './chapters/after-the-verdict.ts'
import { anAverageThatHides } from './chapters/an-average-that-hides.ts'
import { casesThatCannotFail } from './chapters/cases-that-cannot-fail.ts'
import { editedDocuments } from './chapters/edited-documents.ts'
import { nothingWasMeasured } from './chapters/nothing-was-measured.ts'
import { rulesAndWaivers } from './chapters/rules-and-waivers.ts'
import { theBaseline } from './chapters/the-baseline.ts'
import { theProcess } from './chapters/the-process.ts'
import { tooLittleEvidence } from './chapters/too-little-evidence.ts'
import { trialsWithoutAResult } from './chapters/trials-without-a-result.ts'
import type { Chapter } from './situation.ts'

/** Every situation in which a tool of this kind could turn green, in the order of the document. */
export const chapters: readonly Chapter[] = [
  nothingWasMeasured,
  casesThatCannotFail,
  trialsWithoutAResult,
  tooLittleEvidence,
  anAverageThatHides,
  theBaseline,
  editedDocuments,
  rulesAndWaivers,
  theProcess,
  afterTheVerdict,
]
