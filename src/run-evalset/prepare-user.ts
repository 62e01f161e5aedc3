import { AgentEvalError } from '../errors.ts'
import { compilePattern, type Pattern } from '../expr/pattern.ts'
import { scriptedUser, type UserScript } from '../replay/scripted-user.ts'
import { type SimulatorPorts, simulatedUser, type UserRole } from '../replay/simulated-user.ts'
import type { UserSide } from '../replay/user-side.ts'
import type { EvalCase } from '../schema/case.ts'
import type { Task } from '../schema/message.ts'

/** The user of a case, its patterns compiled once for all its trials. */
export type PreparedUser =
  | { readonly kind: 'scripted'; readonly script: UserScript }
  | { readonly kind: 'simulated'; readonly role: UserRole }

/**
 * @param task - what is said may be more than the case says: an attacker's text with it
 * @throws AgentEvalError (input) for a pattern that does not compile
 */
export function prepareUser(evalCase: EvalCase, { fallback, turns }: Task): PreparedUser {
  const { id, user } = evalCase
  if (user !== undefined) {
    const { must_not, ...role } = user
    return {
      kind: 'simulated',
      role: { ...role, mustNot: must_not.map((one) => compile(one, id)) },
    }
  }
  const script = {
    turns: turns.map(({ say, when }) => ({
      say,
      ...(when !== undefined && { when: compile(when, id) }),
    })),
    ...(fallback !== undefined && { fallback }),
  }
  return { kind: 'scripted', script }
}

/**
 * The user of one trial.
 *
 * @param simulator - who plays a simulated user; a scripted one needs nobody
 */
export function startUser(user: PreparedUser, simulator: SimulatorPorts | undefined): UserSide {
  if (user.kind === 'scripted') return scriptedUser(user.script)
  if (simulator === undefined) throw new Error('nobody plays the simulated user')
  return simulatedUser(user.role, simulator)
}

function compile(text: string, caseId: string): Pattern {
  const compiled = compilePattern(text)
  if (compiled.ok) return compiled.pattern
  throw new AgentEvalError(`case ${caseId}: /${text}/: ${compiled.error}`, 'input')
}
