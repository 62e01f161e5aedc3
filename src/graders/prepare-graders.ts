import { AgentEvalError } from '../errors.ts'
import type { EvalCase } from '../schema/case.ts'
import type { JudgedApprovals } from './approved.ts'
import { type AttackCheck, compileAttack } from './attack.ts'
import { compileDeclaredEffects, type DeclaredEffects } from './declared-effects.ts'
import type { Check } from './grader.ts'
import type { JudgeYardstick } from './judge/yardstick.ts'
import { judgeChecks } from './judge.ts'
import { graders } from './registry.ts'

/** Everything that judges the trials of one case, compiled once. */
export interface CaseGraders {
  readonly case: EvalCase
  /** Those of a judge stand last: what can be computed is quoted before what was asked. */
  readonly checks: readonly { readonly grader: string; readonly check: Check }[]
  readonly declared: DeclaredEffects
  readonly attack: AttackCheck | undefined
  readonly approvals: JudgedApprovals
}

/**
 * Compiles what a case expects, so that grading its trials is synchronous and cheap.
 *
 * @param approvals - of the judging policy: what an executed action of a high tier needs
 * @param judge - of the eval set; without it the criteria of `expect.judge` are unscored
 * @throws AgentEvalError (input) naming the case, where a pattern, an expression or a reply schema
 *   of it does not compile
 */
export async function prepareGraders(
  evalCase: EvalCase,
  approvals: JudgedApprovals,
  judge?: JudgeYardstick,
): Promise<CaseGraders> {
  try {
    const checks: { grader: string; check: Check }[] = []
    for (const grader of graders) {
      const check = await grader.prepare(evalCase.expect)
      if (check !== undefined) checks.push({ grader: grader.id, check })
    }
    checks.push(...judgeChecks(evalCase, judge))
    return {
      case: evalCase,
      checks,
      declared: compileDeclaredEffects(evalCase.expect.effects),
      attack: evalCase.attack && compileAttack(evalCase.attack),
      approvals,
    }
  } catch (error) {
    if (!(error instanceof AgentEvalError)) throw error
    throw new AgentEvalError(`case ${evalCase.id}: ${error.message}`, error.code, {
      ...(error.hint !== undefined && { hint: error.hint }),
      cause: error,
    })
  }
}
