import type { ReportInput } from '../../report/reporter.ts'
import type { SkippedRun } from '../../schema/skipped-run.ts'

/** What a command came to, for the host of the CI job that it runs in. */
export type CiNews =
  | { readonly kind: 'result'; readonly input: ReportInput }
  | { readonly kind: 'skipped'; readonly skipped: SkippedRun }

/** A CI job whose host takes more than a log: it is told when the command has ended. */
export interface CiJob {
  readonly tell: (news: CiNews) => void
}
