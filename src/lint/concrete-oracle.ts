import type { CallView } from '../graders/trial-view.ts'
import { resolveArguments, resolveWords } from '../providers/reference/references.ts'
import type { Oracle } from '../schema/oracle.ts'
import { isCallStep, type PlayCall, type PlayStep } from './play-step.ts'
import type { Played } from './played.ts'

/** A step of an oracle as it was played, every reference replaced by the value it stood for. */
export type ConcreteStep = ConcreteCall | ConcreteWords

interface Place {
  /** Its number in the oracle as written, from 1. */
  readonly number: number
  /** The turn of the user in which it was played, from 1. */
  readonly turn: number
}

export interface ConcreteCall extends Place {
  readonly step: PlayCall
  /** What became of it. */
  readonly view: CallView
}

export interface ConcreteWords extends Place {
  readonly step: { readonly say: string }
  readonly view?: never
}

/**
 * An oracle as a list of plain steps, so that one of them can be changed without moving what the
 * others refer to. Ends where its trial ended.
 */
export function concreteOracle(oracle: Oracle, { view }: Played): readonly ConcreteStep[] {
  const resultOf = (number: number): CallView['value'] => view.calls[number - 1]?.value
  const steps: ConcreteStep[] = []
  let calls = 0
  let turn = 1
  for (const [index, step] of oracle.entries()) {
    const place = { number: index + 1, turn }
    if (!isCallStep(step)) {
      steps.push({ ...place, step: { say: resolveWords(step.say, resultOf) } })
      turn += 1
      continue
    }
    const made = view.calls[calls]
    if (made === undefined) break
    calls += 1
    const { call, args, reason } = step
    steps.push({
      ...place,
      view: made,
      step: {
        call,
        args: resolveArguments(args, resultOf),
        ...(reason !== undefined && { reason }),
      },
    })
  }
  return steps
}

export function isConcreteCall(step: ConcreteStep): step is ConcreteCall {
  return step.view !== undefined
}

export function stepsOf(steps: readonly ConcreteStep[]): readonly PlayStep[] {
  return steps.map(({ step }) => step)
}
