import { reviewRuleId } from '../controls/approvals.ts'
import type { EventOf } from '../schema/trace.ts'
import type { TrialLine } from '../schema/trial.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import { isResultModified } from './broken-rules.ts'
import { isMalformed } from './schema.ts'
import { type CallView, isWriteProposal, type TrialView, wasHandedOver } from './trial-view.ts'

type Counts = TrialLine['counts']

/** What happened to the calls of a trial, and what the candidate's own controls did about its words. */
export function countCalls(view: TrialView): Counts {
  const { calls, decidedLogs, decidedReplies } = view
  const count = (is: (call: CallView) => boolean): number => calls.filter(is).length
  const replies = decidedReplies.map(({ decisions }) => decisions.filter(isOwn))
  const logs = decidedLogs.map(({ decisions }) => decisions.filter(isOwn))
  const said = [...calls.flatMap((call) => call.controls), ...replies.flat(), ...logs.flat()]
  const modifiedReplies = decidedReplies.filter(({ passed }) => passed === 'modified').length
  return {
    writesProposed: count(isWriteProposal),
    schemaErrors: count(isMalformed),
    toolErrors: count((call) => call.status === 'error' && !isMalformed(call)),
    repeatedReads: countRepeatedReads(calls),
    blocked: count((call) => call.status === 'blocked' && !wasHandedOver(call)),
    escalations: count(wasHandedOver) + replies.filter((own) => own.some(isEscalation)).length,
    policyErrors: said.flatMap(({ rules }) => rules).filter(({ error }) => error !== undefined)
      .length,
    modified: count(isModified) + modifiedReplies,
    alerts: said.filter(({ alert, enforced }) => enforced && alert === true).length,
    reviews: count(isDrawn),
    ...countApprovals(calls),
  }
}

function isOwn({ source }: EventOf<'policy.decision'>): boolean {
  return source !== 'judging'
}

function isEscalation({ decision, enforced }: EventOf<'policy.decision'>): boolean {
  return enforced && decision === 'escalate'
}

/** It ran, or its result arrived, in another form. */
function isModified(call: CallView): boolean {
  if (!call.executed) return false
  return call.passedArgs !== undefined || (call.status === 'ok' && isResultModified(call))
}

/** Only what was done is there to be looked at. */
function isDrawn({ controls, executed }: CallView): boolean {
  return executed && controls.some(({ rules }) => rules.some(({ id }) => id === reviewRuleId))
}

function countApprovals(
  calls: readonly CallView[],
): Pick<Counts, 'approvals' | 'approvalTimeouts' | 'overrides'> {
  const answers = calls.flatMap(({ approvals }) => approvals)
  return {
    approvals: answers.filter(({ decision }) => decision === 'approve').length,
    approvalTimeouts: answers.filter(({ decision }) => decision === 'timeout').length,
    overrides: answers.filter(({ overrides = [] }) => overrides.length > 0).length,
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
