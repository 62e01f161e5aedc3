import { describeCall } from '../../graders/describe.ts'
import { type ConcreteCall, isConcreteCall, stepsOf } from '../concrete-oracle.ts'
import type { LintSubject } from '../lint-subject.ts'
import type { Mutant, MutantKind } from './mutant.ts'

/** Makes two writes of one turn, with no other write between them, in the other order. */
export const swap: MutantKind = {
  id: 'swap',
  mutate(subject) {
    const writes = subject.steps.filter(isConcreteCall).filter(({ view }) => view.tookEffect)
    return writes.flatMap((first, index) => {
      const second = writes[index + 1]
      return second?.turn === first.turn ? [swapped(subject, first, second)] : []
    })
  },
}

function swapped({ steps }: LintSubject, first: ConcreteCall, second: ConcreteCall): Mutant {
  const order = steps.map((step) => {
    if (step === first) return second
    return step === second ? first : step
  })
  const sameTool = first.step.call === second.step.call
  const name = ({ step: { args, call: tool } }: ConcreteCall): string =>
    sameTool ? describeCall({ tool, args }) : tool
  return {
    name: `swap:${first.number}-${second.number}`,
    path: ['oracle', first.number - 1],
    does: `calls ${name(second)} before ${name(first)}`,
    hint: `if the order matters, say so: calls with tool: ${first.step.call} and before: ${second.step.call}`,
    steps: stepsOf(order),
  }
}
