import type { EvalCase } from '../schema/case.ts'
import type { JsonValue } from '../schema/json.ts'
import type { TraceEvent } from '../schema/trace.ts'
import type { TrialView } from './trial-view.ts'
import { viewEvents } from './view-events.ts'

/** A trial as its graders see it: its events, its case, and the world that it left. */
export function viewTrial(trial: {
  readonly case: EvalCase
  readonly events: readonly TraceEvent[]
  readonly finalState: JsonValue
}): TrialView {
  return { case: trial.case, state: trial.finalState, ...viewEvents(trial.events) }
}
