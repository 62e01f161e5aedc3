import type { CaseStats } from '../../schema/case-stats.ts'
import type { ComparedFigures } from '../../schema/compared-figures.ts'
import type { DriftReport } from '../../schema/drift.ts'
import type { PageData, PageTrace } from '../../schema/page-data.ts'
import type { TrialLine } from '../../schema/trial.ts'

/** What the page runs and looks like: the client, as it is built. */
export interface PageAssets {
  readonly script: string
  readonly style: string
}

/** What is known of one arm beside what the result says of it. */
export interface PageArm {
  /** As a reader would find it again: a run, a file, a commit. */
  readonly shown: string
  /** In the order in which they finished; none of a holdout. */
  readonly trials?: readonly TrialLine[]
  /** Of a baseline: what a case came to there. */
  readonly cases?: readonly CaseStats[]
}

/**
 * What a page holds beside a result. All of it may be missing: a result alone makes a page, without
 * trials.
 */
export interface PageMaterial {
  readonly assets?: PageAssets
  readonly candidate?: PageArm
  readonly baseline?: PageArm
  /** Those that stand on the page itself. */
  readonly traces?: readonly PageTrace[]
  /** Keys of all trials whose trace can be had, where not only those of `traces` can. */
  readonly traceable?: ReadonlySet<string>
  readonly history?: DriftReport
  /** Against a baseline that somebody named and the verdict, if there is one, is not about. */
  readonly figures?: ComparedFigures | undefined
  /** Of a run that has no result yet. */
  readonly unfinished?: { readonly finished: number; readonly planned: number }
  /** What was looked for and cannot be shown, in words. */
  readonly missing?: readonly string[]
  readonly served?: NonNullable<PageData['served']>
}
