import type { CaseGraders } from '../graders/prepare-graders.ts'
import type { CallView } from '../graders/trial-view.ts'
import type { WorldTool } from '../schema/world.ts'
import { isConcreteCall } from './concrete-oracle.ts'
import type { LintSubject } from './lint-subject.ts'
import type { PlayCall } from './play-step.ts'

/** A call that the oracle does not make, and that is known to work where it stands. */
export interface NewCall {
  readonly call: PlayCall
  /** How many of the oracle's steps come before it, all of them unchanged. */
  readonly after: number
}

/**
 * Changes that happen and that the case does not allow, by their arguments or by their number, told
 * without playing a whole trial: most mutants of a case with sharp effects are caught by this alone.
 *
 * @returns `false` means that only playing can tell
 */
export function findsUndeclared(
  subject: LintSubject,
  { declared }: CaseGraders,
): (made: NewCall) => boolean {
  return ({ after, call }) => {
    const before = subject.steps
      .slice(0, after)
      .filter(isConcreteCall)
      .map(({ view }) => view)
    if (!isCertain(subject, call) || isRetry(subject, call, before)) return false
    return declared.undeclared([...before, effectOf(call)]).length > 0
  }
}

/**
 * Whether nothing can come between a call and its effect: no fault of the case, no guard, tier or
 * change that looks at the clock, no code.
 */
function isCertain({ evalCase, tools }: LintSubject, { call }: PlayCall): boolean {
  const tool = tools[call]
  if (tool === undefined || tool.effect === 'read' || tool.module !== undefined) return false
  if (evalCase.world.faults.length > 0) return false
  return !looksAtClock(tool)
}

/** Also where these letters are only part of a word: then a trial is played for nothing. */
function looksAtClock({ change, guards, risk_tier }: WorldTool): boolean {
  return JSON.stringify([change, guards, risk_tier]).includes('now')
}

/** Under a key that was used before nothing happens again. */
function isRetry(
  { tools }: LintSubject,
  { args, call }: PlayCall,
  before: readonly CallView[],
): boolean {
  const name = tools[call]?.idempotency
  const key = name === undefined ? undefined : args[name]
  if (name === undefined || key === undefined) return false
  return before.some((one) => one.tool === call && one.args[name] === key)
}

/** A call as it will look when it has taken effect, as far as allowances look at it. */
function effectOf({ args, call: tool }: PlayCall): CallView {
  return {
    callId: 'new',
    seq: 0,
    turn: 0,
    ordinal: 0,
    tool,
    args,
    reason: undefined,
    schemaErrors: [],
    tier: undefined,
    effect: 'write',
    status: 'ok',
    executed: true,
    tookEffect: true,
    repeated: false,
    value: undefined,
    error: undefined,
    changes: [],
    controls: [],
    judging: [],
    approvals: [],
    resultSeq: undefined,
    delivered: true,
  }
}
