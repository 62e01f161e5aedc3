import type { LintResult } from '../../schema/lint-result.ts'
import type { RenderStyle } from '../reporter.ts'

/** What lint found in one eval set, and how that set is reached again. */
export interface LintedSet {
  readonly result: LintResult
  /** The eval set as it is named on the command line. */
  readonly name: string
}

export interface LintReportInput {
  /** In the order in which they were asked for. */
  readonly sets: readonly LintedSet[]
  /** What every suggested command starts with, such as `npx agent-eval`. */
  readonly commandPrefix: string
  readonly toolVersion: string
}

export interface LintStyle extends RenderStyle {
  /** Every finding, and a table of all cases. */
  readonly verbose: boolean
}

/** Turns what lint found into text. Pure: equal input gives equal bytes. */
export interface LintReporter {
  readonly id: string
  /** For the help text: what one gets. */
  readonly describes: string
  readonly render: (input: LintReportInput, style?: LintStyle) => string
}
