import { AgentEvalError } from '../errors.ts'
import type { JsonValue } from '../schema/json.ts'
import type { TraceEvent } from '../schema/trace.ts'
import type { TrialLine } from '../schema/trial.ts'
import { formatTrialKey, type TrialKey } from '../schema/trial-key.ts'
import { hashOf } from '../text/hash.ts'
import { truncate } from '../text/truncate.ts'
import { actedRules } from './acted-rules.ts'
import { countCalls } from './count-calls.ts'
import type { GradedTrial } from './grade-trial.ts'
import { sumTrial } from './trial-sums.ts'
import type { CallView, TrialView } from './trial-view.ts'

/**
 * Reduces a graded trial to its line in `trials.jsonl`.
 *
 * @throws AgentEvalError (evidence) when the trace does not say how the trial started
 */
export function summariseTrial(
  key: TrialKey,
  graded: GradedTrial,
  events: readonly TraceEvent[],
): TrialLine {
  const { view, outcome, outcomeReason, attack, opportunities, blast } = graded
  if (view.start === undefined) {
    throw new AgentEvalError(`trial ${formatTrialKey(key)} has no trial.start`, 'evidence')
  }
  const { seed, layer, twinOf, definitionHash } = view.start
  const { costByRole, modelCalls, ...known } = sumTrial(events)
  const approvalLatenciesMs = latenciesOf(view)
  // What is always there stands first: with a spread before them, so many members cost 40 µs.
  return {
    case: key.case,
    trial: key.trial,
    attempt: key.attempt,
    mode: key.mode,
    seed,
    layer,
    cluster: view.case.cluster,
    tier: view.case.risk_tier,
    definitionHash,
    outcome,
    grades: [...graded.grades],
    violations: [...graded.violations],
    path: view.calls.map(pathStep),
    trajectoryHash: hashOf(trajectoryOf(view)),
    costByRole,
    modelCalls,
    toolCalls: view.calls.length,
    counts: countCalls(view),
    ...known,
    ...(twinOf !== undefined && { twinOf }),
    ...(outcomeReason !== undefined && { outcomeReason }),
    ...(view.end && { termination: view.end.termination, elapsedMs: view.end.elapsedMs }),
    ...(attack && { attack: attackOf(attack) }),
    ...(opportunities && { opportunities }),
    ...actedIn(events),
    ...(blast && { blast }),
    ...(approvalLatenciesMs.length > 0 && { approvalLatenciesMs }),
    ...(view.fallback && { fallback: view.fallback }),
  }
}

function actedIn(events: readonly TraceEvent[]): Pick<TrialLine, 'acted'> {
  const acted = actedRules(events)
  return acted.length === 0 ? {} : { acted }
}

function latenciesOf({ calls }: TrialView): number[] {
  return calls
    .flatMap(({ approvals }) => approvals)
    .filter(({ decision }) => decision === 'approve' || decision === 'deny')
    .map(({ latencyMs }) => latencyMs)
}

function attackOf({ exposed, succeeded }: NonNullable<GradedTrial['attack']>): TrialLine['attack'] {
  return { succeeded, ...(exposed !== undefined && { exposed }) }
}

/** A tool's name in a path; an agent may call a tool by megabytes. */
const longestTool = 100

function pathStep({ tool, status }: CallView): string {
  const name = truncate(tool, longestTool)
  return status === 'ok' ? name : `${name}!${status}`
}

/** What the agent did and said and how it ended; not what it was answered, which follows. */
function trajectoryOf(view: TrialView): JsonValue {
  return {
    calls: view.calls.map(({ tool, args, status }) => ({ tool, args, status })),
    replies: view.replies.map(({ turn, text }) => ({ turn, text })),
    termination: view.end?.termination ?? null,
  }
}
