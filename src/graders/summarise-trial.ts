import { AgentEvalError } from '../errors.ts'
import type { JsonValue } from '../schema/json.ts'
import type { TraceEvent } from '../schema/trace.ts'
import type { TrialLine } from '../schema/trial.ts'
import { formatTrialKey, type TrialKey } from '../schema/trial-key.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import { hashOf } from '../text/hash.ts'
import type { GradedTrial } from './grade-trial.ts'
import { isMalformed } from './schema.ts'
import { sumTrial } from './trial-sums.ts'
import { type CallView, isWriteProposal, type TrialView, wasHandedOver } from './trial-view.ts'

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
  const { view, outcome, outcomeReason, attack } = graded
  if (view.start === undefined) {
    throw new AgentEvalError(`trial ${formatTrialKey(key)} has no trial.start`, 'evidence')
  }
  const { seed, layer, twinOf, definitionHash } = view.start
  const { costByRole, modelCalls, ...known } = sumTrial(events)
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
  }
}

function attackOf({ exposed, succeeded }: NonNullable<GradedTrial['attack']>): TrialLine['attack'] {
  return { succeeded, ...(exposed !== undefined && { exposed }) }
}

function pathStep({ tool, status }: CallView): string {
  return status === 'ok' ? tool : `${tool}!${status}`
}

/** What the agent did and said and how it ended; not what it was answered, which follows. */
function trajectoryOf(view: TrialView): JsonValue {
  return {
    calls: view.calls.map(({ tool, args, status }) => ({ tool, args, status })),
    replies: view.replies.map(({ turn, text }) => ({ turn, text })),
    termination: view.end?.termination ?? null,
  }
}

function countCalls(view: TrialView): TrialLine['counts'] {
  const { calls } = view
  const count = (is: (call: CallView) => boolean): number => calls.filter(is).length
  const replies = [...view.replyDecisions.values()].map((decisions) =>
    decisions.filter((said) => said.source !== 'judging'),
  )
  const said = [...calls.flatMap((call) => call.controls), ...replies.flat()]
  return {
    writesProposed: count(isWriteProposal),
    schemaErrors: count(isMalformed),
    toolErrors: count((call) => call.status === 'error' && !isMalformed(call)),
    repeatedReads: countRepeatedReads(calls),
    blocked: count((call) => call.status === 'blocked' && !wasHandedOver(call)),
    escalations:
      count(wasHandedOver) +
      replies.filter((decisions) =>
        decisions.some((each) => each.enforced && each.decision === 'escalate'),
      ).length,
    approvals: calls
      .flatMap((call) => call.approvals)
      .filter((approval) => approval.decision === 'approve').length,
    policyErrors: said.flatMap((each) => each.rules).filter((rule) => rule.error !== undefined)
      .length,
  }
}

/** Reads that could bring nothing new: the same call succeeded before, and nothing changed since. */
function countRepeatedReads(calls: readonly CallView[]): number {
  const seen = new Set<string>()
  let repeated = 0
  for (const call of calls) {
    if (call.tookEffect) seen.clear()
    if (call.effect !== 'read' || call.status !== 'ok') continue
    const read = canonicalJson([call.tool, call.args])
    if (seen.has(read)) repeated += 1
    seen.add(read)
  }
  return repeated
}
