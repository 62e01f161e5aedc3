import type { TrialContext } from './trial-context.ts'
import type { TrialEnding } from './trial-ending.ts'

/**
 * Who acts in a trial: takes it from its first message to its end. The built-in loop is one, an agent
 * of the user's own is another; both act through the same controls on the same world.
 */
export type TrialAgent = (context: TrialContext, signal: AbortSignal) => Promise<TrialEnding>
