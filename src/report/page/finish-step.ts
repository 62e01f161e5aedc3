import type { JsonValue } from '../../schema/json.ts'
import type { PageStep } from '../../schema/page-data.ts'
import { canonicalJson } from '../../text/canonical-json.ts'
import { sha256 } from '../../text/hash.ts'
import { type Cut, plainBlock, plainJson } from './plain-text.ts'
import type { StepDraft } from './step-draft.ts'

/** Digits of a hash that tell two steps apart, also where an agent wants them to look alike. */
const digits = 32

/** A step with its place in the trace and the checks that lean on it. */
export interface PlacedStep {
  readonly seq: number
  readonly draft: StepDraft
  readonly evidenceOf: readonly string[]
}

/** The step as the page shows it, and whether its texts had to be cut. */
export function finishStep({ draft, evidenceOf, seq }: PlacedStep): {
  readonly step: PageStep
  readonly isCut: boolean
} {
  const { because, kind, same, title, tone } = draft
  const words = draft.words === undefined ? nothing : plainBlock(draft.words)
  const data = draft.data === undefined ? nothing : plainData(draft.data)
  return {
    isCut: words.left + data.left > 0,
    step: {
      seq,
      kind,
      title,
      ...(words.text !== '' && { words: words.text }),
      ...(data.text !== '' && { data: data.text }),
      ...(because !== undefined && because !== '' && { because }),
      ...(tone !== undefined && { tone }),
      ...(evidenceOf.length > 0 && { evidenceOf: [...evidenceOf] }),
      same: sha256(canonicalJson([kind, same])).slice(0, digits),
    },
  }
}

const nothing: Cut = { text: '', left: 0 }

/** What a model wrote in place of JSON stands as it is. */
function plainData(data: JsonValue): Cut {
  return typeof data === 'string' ? plainBlock(data) : plainJson(data)
}
