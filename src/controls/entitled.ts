import type { RiskTier } from '../schema/names.ts'
import type { EventOf } from '../schema/trace.ts'

/** Somebody's answer to an action that needs approval, as it stands in a trace. */
export type ApproverAnswer = Pick<EventOf<'approval'>, 'decision' | 'principal' | 'kind' | 'trust'>

/** The action that waits, and who wants to take it. */
export interface AwaitingAction {
  readonly tier: RiskTier
  /** `undefined`: not known, so nobody can be told from them. */
  readonly agent: string | undefined
  /** The highest tier that the acting agent may act in by itself. */
  readonly agentTrust: RiskTier
}

/**
 * Why somebody's word does not count for an action, as what it needs instead; `undefined` where it
 * counts. Never does the acting agent's own, nor that of a principal who is not trusted with its tier,
 * and of other agents only that of a more trusted one.
 *
 * Kind and trust of an answer without them are those of a case's approver without them: a person of
 * trust 4.
 */
export function objectionTo(
  { kind = 'human', principal, trust = 4 }: Omit<ApproverAnswer, 'decision'>,
  { agent, agentTrust, tier }: AwaitingAction,
): string | undefined {
  const person = personOf(principal)
  if (person === '') return 'needs an approver with a name'
  if (agent !== undefined && person === personOf(agent)) {
    return 'needs an approver other than the agent itself'
  }
  if (trust < tier) return `needs an approver of trust ${tier}`
  if (kind === 'human' || trust > agentTrust) return undefined
  return `needs a person, or an agent of more trust than ${agentTrust}`
}

/** The answers that count for an action. */
export function entitled<T extends ApproverAnswer>(
  answers: readonly T[],
  action: AwaitingAction,
): readonly T[] {
  return answers.filter((answer) => objectionTo(answer, action) === undefined)
}

/**
 * What answers come to. Denied: one who is entitled denies. Approved: enough different principals who
 * are entitled approve. Pending otherwise.
 */
export function settle(
  answers: readonly ApproverAnswer[],
  needed: number,
  action: AwaitingAction,
): 'approve' | 'deny' | 'pending' {
  const counting = entitled(answers, action)
  if (counting.some(({ decision }) => decision === 'deny')) return 'deny'
  return approvalsIn(counting).length >= needed ? 'approve' : 'pending'
}

/** The first approval of each principal: two by one person are one. */
export function approvalsIn<T extends ApproverAnswer>(answers: readonly T[]): readonly T[] {
  const people = new Set<string>()
  return answers.filter(({ decision, principal }) => {
    const person = personOf(principal)
    if (decision !== 'approve' || people.has(person)) return false
    people.add(person)
    return true
  })
}

/** One text for all spellings of a principal that look the same: a space or a case makes no second. */
export function personOf(principal: string): string {
  return principal
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .trim()
    .toLowerCase()
}
