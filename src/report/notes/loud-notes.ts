import type { Verdict } from '../../schema/verdict.ts'
import { samplingNotes } from '../figures/sampling-notes.ts'
import { meanScoreNotes } from './mean-score-note.ts'
import { anchorNotes, type Naming, sliceNotes, smallDropNotes } from './verdict-notes.ts'

/** What else a reader must see before they believe the verdict: it stands before the cases. */
export function loudNotes(verdict: Verdict, naming: Naming): readonly string[] {
  return [...urgentNotes(verdict, naming), ...meanScoreNotes(verdict)]
}

/** Those of them that are about this run, for whoever has a minute. */
export function urgentNotes(verdict: Verdict, naming: Naming): readonly string[] {
  return [
    ...samplingNotes(verdict),
    ...(isAnchorWorse(verdict) ? anchorNotes(verdict, naming) : []),
    ...sliceNotes(withSlices(verdict, 'regression'), naming),
  ]
}

/** What blocks nothing and is only for looking: it stands after them. */
export function quietNotes(verdict: Verdict, naming: Naming): readonly string[] {
  return [
    ...(isAnchorWorse(verdict) ? [] : anchorNotes(verdict, naming)),
    ...sliceNotes(withSlices(verdict, 'watch'), naming),
    ...smallDropNotes(verdict),
  ]
}

function isAnchorWorse({ anchor }: Verdict): boolean {
  return anchor?.metrics.some(({ status }) => status === 'regression') === true
}

function withSlices(verdict: Verdict, wanted: 'regression' | 'watch'): Verdict {
  const { slices = [] } = verdict
  return { ...verdict, slices: slices.filter(({ status }) => status === wanted) }
}
