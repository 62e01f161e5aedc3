import { approvalsNeeded } from '../controls/approvals.ts'
import type { EventOf } from '../schema/trace.ts'
import type { TrialLine } from '../schema/trial.ts'
import { executedTier } from './approved.ts'
import { isCountedApart } from './broken-rules.ts'
import { isEngineError } from './engine-errors.ts'
import { type CallView, isWriteProposal, type TrialView } from './trial-view.ts'
import { undeclaredEffectRule, type ViolationContext } from './violations.ts'

/**
 * How many calls, replies and log lines each rule of the eval set had something to say about, sorted
 * by rule: what its violations are a share of. `undefined` where none had.
 */
export function countOpportunities(
  view: TrialView,
  context: ViolationContext,
): TrialLine['opportunities'] {
  const speaking = countSpeaking(view, context)
  if (speaking.size === 0) return undefined
  const counts = [...speaking].map(([rule, { count }]) => [rule, count] as const)
  return Object.fromEntries(counts.sort(([a], [b]) => (a < b ? -1 : 1)))
}

interface Speaking {
  count: number
  /** The last thing that it spoke of: of one thing it may speak several times. */
  about: unknown
}

/**
 * Rules by what was recorded of them. One that spoke of a call and of its result, or of two forms of
 * one text, spoke once. Thousands of entries pass here, so that nothing is copied on the way.
 */
function countSpeaking(
  { calls, decidedLogs, decidedReplies }: TrialView,
  context: ViolationContext,
): Map<string, Speaking> {
  const speaking = new Map<string, Speaking>()
  for (const call of calls) {
    for (const said of call.judging) noteAll(speaking, said, call)
    for (const rule of builtInRules(call, context)) note(speaking, rule, call)
  }
  for (const words of [...decidedReplies, ...decidedLogs]) {
    for (const said of words.decisions)
      if (said.source === 'judging') noteAll(speaking, said, words)
  }
  return speaking
}

function noteAll(
  speaking: Map<string, Speaking>,
  said: EventOf<'policy.decision'>,
  about: unknown,
): void {
  for (const rule of said.rules) {
    if (isCountedApart(said, rule.id) || isEngineError(said, rule)) continue
    note(speaking, rule.id, about)
  }
}

function note(speaking: Map<string, Speaking>, rule: string, about: unknown): void {
  const before = speaking.get(rule)
  if (before === undefined) speaking.set(rule, { count: 1, about })
  else if (before.about !== about) {
    before.count += 1
    before.about = about
  }
}

function builtInRules(call: CallView, context: ViolationContext): readonly string[] {
  const { approvals, countUndeclared } = context
  const rules: string[] = []
  if (countUndeclared && (isWriteProposal(call) || call.tookEffect)) {
    rules.push(undeclaredEffectRule)
  }
  for (const tier of new Set([call.tier, executedTier(call, context)])) {
    if (tier === undefined) continue
    if (approvalsNeeded(approvals, tier) > 0) rules.push(`approvals.tier-${tier}`)
    if (tier >= approvals.justify_from) rules.push(`justification.tier-${tier}`)
  }
  return rules
}
