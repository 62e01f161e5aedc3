import type { RenderStyle } from '../reporter.ts'

/** Turns what a judge has shown into text. Pure: equal input gives equal bytes. */
export interface JudgeReporter<T> {
  readonly id: string
  /** For the help text: what one gets. */
  readonly describes: string
  readonly render: (document: T, style?: RenderStyle) => string
}
