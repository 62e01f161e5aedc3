import { didYouMean } from '../text/did-you-mean.ts'

/** What a tool answers when it does not do its work; the agent sees it. */
export interface ToolError {
  readonly code: string
  readonly message: string
}

/**
 * The world itself is at fault: an expression, a module or an output does not fit.
 * The state is as it was, and the message says whose mistake it is.
 */
export function worldError(tool: string, fault: string): ToolError {
  return { code: 'world_error', message: `the simulated ${tool} failed: ${fault}` }
}

export function unknownTool(tool: string, known: Iterable<string>): ToolError {
  const meant = didYouMean(tool, known)
  const help = meant === undefined ? '' : `; did you mean "${meant}"?`
  return { code: 'unknown_tool', message: `there is no tool "${tool}"${help}` }
}
