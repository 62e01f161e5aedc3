import type { Approver, EvalCase } from '../schema/case.ts'
import type { EventOf } from '../schema/trace.ts'
import {
  type AwaitingAction,
  approvalsIn,
  entitled,
  objectionTo,
  personOf,
  settle,
} from './entitled.ts'

/** One approver's answer, as it is recorded. */
type Approval = Required<
  Pick<EventOf<'approval'>, 'decision' | 'kind' | 'latencyMs' | 'principal' | 'trust'>
>

/** What is asked of the approvers. */
export interface ApprovalRequest extends AwaitingAction {
  /** Different principals that must approve. */
  readonly needed: number
  /** Whoever takes longer has not answered. */
  readonly slaMs: number
}

export interface Approvals {
  readonly outcome: 'approve' | 'deny' | 'pending'
  /** Everybody who was asked, in order, also whose word does not count. */
  readonly answers: readonly Approval[]
  /** The approvals that count; empty unless the outcome is one. */
  readonly deciding: readonly Approval[]
  /** Of those who answered and whose word does not count: what it needs instead, each once. */
  readonly objections: readonly string[]
  /** How long it took until nobody was asked any more. */
  readonly waitedMs: number
}

/** How long a person takes where the case names no latency. */
const usualMs = 60_000

/**
 * Asks the case's approvers, all at once, so that waiting takes as long as the slowest. Where somebody
 * has not answered in time and it is not decided by then, the backups are asked, who were not asked
 * before; their time comes on top.
 *
 * In the end enough people have approved, or one has denied, or it is pending, also when nobody was
 * named: nothing executes until approved.
 */
export function askApprovers(
  approvers: EvalCase['approvers'],
  request: ApprovalRequest,
): Approvals {
  const everybody = typeof approvers === 'string' ? unnamed(approvers, request) : approvers
  const first = everybody.filter(({ backup }) => !backup).map((one) => answerOf(one, request))
  const isOpen = settle(first, request.needed, request) === 'pending'
  const isLate = first.some(({ decision }) => decision === 'timeout')
  const backups = isOpen && isLate ? askBackups(everybody, first, request) : []
  return conclude([first, backups], request)
}

function askBackups(
  everybody: readonly Approver[],
  first: readonly Approval[],
  request: ApprovalRequest,
): readonly Approval[] {
  const asked = new Set(first.map(({ principal }) => personOf(principal)))
  return everybody
    .filter(({ backup, principal }) => backup && !asked.has(personOf(principal)))
    .map((one) => answerOf(one, request))
}

function answerOf(
  { decision, kind, latency_ms, principal, trust }: Approver,
  { slaMs }: ApprovalRequest,
): Approval {
  const isLate = latency_ms > slaMs
  return {
    principal,
    decision: isLate ? 'timeout' : decision,
    latencyMs: isLate ? slaMs : latency_ms,
    kind,
    trust,
  }
}

function conclude(rounds: readonly (readonly Approval[])[], request: ApprovalRequest): Approvals {
  const answers = rounds.flat()
  const outcome = settle(answers, request.needed, request)
  const objections = answers
    .filter(({ decision }) => decision === 'approve' || decision === 'deny')
    .map((answer) => objectionTo(answer, request))
    .filter((objection) => objection !== undefined)
  return {
    outcome,
    answers,
    deciding: outcome === 'approve' ? approvalsIn(entitled(answers, request)) : [],
    objections: [...new Set(objections)],
    waitedMs: rounds.reduce((sum, round) => sum + slowest(round), 0),
  }
}

function slowest(round: readonly Approval[]): number {
  return round.reduce((most, { latencyMs }) => Math.max(most, latencyMs), 0)
}

/** As many people as it takes, who all say the same. */
function unnamed(decision: Approver['decision'], { needed }: ApprovalRequest): readonly Approver[] {
  return Array.from({ length: needed }, (_, index) => ({
    principal: `approver-${index + 1}`,
    decision,
    latency_ms: decision === 'pending' ? 0 : usualMs,
    kind: 'human',
    trust: 4,
    backup: false,
  }))
}
