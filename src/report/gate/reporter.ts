import type { RenderStyle } from '../reporter.ts'

/** How the user reaches the eval set again. */
export interface GateCheckContext {
  /** The eval set as it is named on the command line. */
  readonly evalSetName: string
  /** What every suggested command starts with, such as `npx agent-eval`. */
  readonly commandPrefix: string
}

/** Turns what a question about a gate came to into text. Pure: equal input gives equal bytes. */
export interface GateReporter<T> {
  readonly id: string
  /** For the help text: what one gets. */
  readonly describes: string
  readonly render: (document: T, context: GateCheckContext, style?: RenderStyle) => string
}
