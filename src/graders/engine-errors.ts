import type { RuleDecision } from '../schema/control-events.ts'
import type { EventOf } from '../schema/trace.ts'
import { describeSource } from './describe.ts'
import type { TrialView } from './trial-view.ts'

type Decision = EventOf<'policy.decision'>

/** Whether an engine of the organisation decided, and not inline rules or those that are built in. */
export function isOfEngine({ engine = 'cel' }: Pick<Decision, 'engine'>): boolean {
  return engine !== 'cel'
}

/** A rule that the organisation's engine could not decide: that says nothing about the agent. */
export function isEngineError(
  said: Pick<Decision, 'engine' | 'source'>,
  { error }: Pick<RuleDecision, 'error'>,
): boolean {
  return error !== undefined && said.source === 'judging' && isOfEngine(said)
}

/** In words, where an engine of the judging policy could not decide something of a trial. */
export function judgingFault(view: TrialView): string | undefined {
  for (const said of judgingOf(view)) {
    const failed = said.rules.find((rule) => isEngineError(said, rule))
    if (failed?.error === undefined) continue
    return `the judging policy could not decide: ${describeSource(`${failed.id}: ${failed.error}`)}`
  }
  return undefined
}

function* judgingOf({ calls, decidedLogs, decidedReplies }: TrialView): Generator<Decision> {
  for (const { judging } of calls) yield* judging
  for (const { decisions } of decidedReplies) yield* decisions
  for (const { decisions } of decidedLogs) yield* decisions
}
