import type { Expectation } from '../../schema/expect.ts'
import type { CheckFinding } from '../check.ts'

/** Every condition over the end of a trial, and where it stands. */
export function stateConditions({
  state = [],
}: Expectation): readonly { readonly text: string; readonly path: CheckFinding['path'] }[] {
  return state.map((condition, index) =>
    typeof condition === 'string'
      ? { text: condition, path: ['expect', 'state', index] }
      : { text: condition.that, path: ['expect', 'state', index, 'that'] },
  )
}
