import { describeCall, describeValue } from '../../graders/describe.ts'
import { type ConcreteStep, isConcreteCall, stepsOf } from '../concrete-oracle.ts'
import type { MutantKind } from './mutant.ts'

/**
 * Leaves out one step: a call, or words before the last ones, such as a question. What comes after
 * is done as before; without its question an agent goes on in the turn before.
 */
export const drop: MutantKind = {
  id: 'drop',
  mutate({ steps }) {
    const lastWords = steps.findLastIndex((step) => !isConcreteCall(step))
    return steps
      .filter((_, index) => index !== lastWords)
      .map((dropped) => ({
        name: `drop:${dropped.number}`,
        path: ['oracle', dropped.number - 1],
        does: describeLoss(dropped, steps),
        hint: hintFor(dropped),
        steps: stepsOf(steps.filter((step) => step !== dropped)),
      }))
  },
}

function describeLoss(dropped: ConcreteStep, steps: readonly ConcreteStep[]): string {
  if (!isConcreteCall(dropped)) {
    return `does not say ${describeValue(dropped.step.say)} before it goes on`
  }
  const { call: tool, args } = dropped.step
  const sameTool = steps.filter((step) => isConcreteCall(step) && step.step.call === tool)
  const isOnly = sameTool.length === 1
  return isOnly ? `never calls ${tool}` : `does not call ${describeCall({ tool, args })}`
}

function hintFor(dropped: ConcreteStep): string {
  if (!isConcreteCall(dropped)) return 'expect these words: says, with scope: { turn: N }'
  const { tool, tookEffect } = dropped.view
  return tookEffect
    ? `require it: effects.required with ${tool} and its arguments`
    : `ask for proof of it: evidence (a read) or calls with ${tool} and its arguments`
}
