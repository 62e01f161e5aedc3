import type { CaseGraders } from '../graders/prepare-graders.ts'
import type { EvalCase } from '../schema/case.ts'
import type { Mutant } from './mutants/mutant.ts'
import type { Played } from './played.ts'

/**
 * Words that the case does not take, told without playing: everything else such an agent does is
 * what the oracle does. Where the user answers to what is said, other words may lead elsewhere.
 *
 * @returns `false` means that only playing can tell
 */
export function findsMisspoken(
  { turns, user }: EvalCase,
  { checks }: CaseGraders,
  { view }: Played,
): (mutant: Mutant) => boolean {
  const says = checks.find(({ grader }) => grader === 'says')
  const isFixed = user === undefined && turns.every(({ when }) => when === undefined)
  return ({ misspeaks }) => {
    if (misspeaks === undefined || says === undefined || !isFixed) return false
    const { instead, said } = misspeaks
    const replies = view.replies.map((reply) =>
      reply.text === said ? { ...reply, text: instead } : reply,
    )
    return says.check({ ...view, replies })?.status === 'fail'
  }
}
