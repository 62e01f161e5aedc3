import { AgentEvalError } from '../errors.ts'
import type { JsonValue } from '../schema/json.ts'
import type { EventOf, LedgerRole, TraceEvent } from '../schema/trace.ts'
import type { TrialLine } from '../schema/trial.ts'
import { formatTrialKey, type TrialKey } from '../schema/trial-key.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import { hashOf } from '../text/hash.ts'
import type { GradedTrial } from './grade-trial.ts'
import { isMalformed } from './schema.ts'
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
  const { costByRole, modelCalls, ...known } = sumUsage(events)
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

/** What a task costs in production; the simulated user and the judge are our own measuring. */
const taskRoles: ReadonlySet<LedgerRole> = new Set(['agent', 'router', 'tools'])

/**
 * Sums what the trial used, in the order of its events, so that a resumed run adds up the same.
 *
 * Cost and tokens are the task's own. Without any answer of a model, or with one of unknown
 * price, there is no cost: a part of it would be a wrong number.
 */
function sumUsage(
  events: readonly TraceEvent[],
): Pick<
  TrialLine,
  'costUsd' | 'costByRole' | 'inputTokens' | 'outputTokens' | 'modelCalls' | 'servedModels'
> {
  const costByRole: Partial<Record<LedgerRole, number>> = {}
  let costUsd = 0
  const spend = (role: LedgerRole, cost: number | undefined): void => {
    if (cost === undefined) return
    costByRole[role] = (costByRole[role] ?? 0) + cost
    if (taskRoles.has(role)) costUsd += cost
  }
  const responses: EventOf<'model.response'>[] = []
  // A simulated user or a judge that is another model today moves the numbers as well.
  const served = new Set<string>()
  for (const event of events) {
    if (event.type === 'tool.result') spend('tools', event.costUsd)
    if (event.type !== 'model.response') continue
    spend(event.role, event.costUsd)
    if (event.modelServed !== '') served.add(event.modelServed)
    if (taskRoles.has(event.role)) responses.push(event)
  }
  const isPriced = responses.every((response) => response.costUsd !== undefined)
  const sum = (of: (response: EventOf<'model.response'>) => number): number =>
    responses.reduce((total, response) => total + of(response), 0)
  return {
    costByRole,
    modelCalls: responses.length,
    ...(served.size > 0 && { servedModels: [...served].sort() }),
    ...(responses.length > 0 && {
      ...(isPriced && { costUsd }),
      inputTokens: sum((response) => response.usage.inputTokens),
      outputTokens: sum((response) => response.usage.outputTokens),
    }),
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
