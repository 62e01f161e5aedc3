import { type ConcreteStep, isConcreteCall } from '../concrete-oracle.ts'
import type { PlayStep } from '../play-step.ts'
import type { MutantKind } from './mutant.ts'

/** Does everything and leaves the user without the last message, or without any. */
export const silence: MutantKind = {
  id: 'silence',
  mutate({ steps }) {
    const spoken = steps.filter((step) => !isConcreteCall(step))
    const last = spoken.at(-1)
    if (last === undefined) return []
    const path = ['oracle', last.number - 1]
    const atLast = {
      name: 'silence:last',
      path,
      does: 'ends without a word',
      hint: 'expect words: says, with scope: last',
      steps: muted(steps, [last]),
    }
    if (spoken.length === 1) return [atLast]
    const always = {
      name: 'silence:all',
      path,
      does: 'never says a word',
      hint: 'expect words: says',
      steps: muted(steps, spoken),
    }
    return [atLast, always]
  },
}

function muted(
  steps: readonly ConcreteStep[],
  silent: readonly ConcreteStep[],
): readonly PlayStep[] {
  return steps.map((step) => (silent.includes(step) ? { say: '' } : step.step))
}
