import { compileArguments } from '../graders/match-arguments.ts'
import type { Expectation } from '../schema/expect.ts'
import type { ArgumentMatchers, Times } from '../schema/matcher.ts'
import { isCallStep, type PlayCall, type PlayStep } from './play-step.ts'

/** A call that a case demands, and how often at least. */
interface Demand {
  readonly least: number
  readonly isMet: (call: PlayCall) => boolean
}

/**
 * What an agent that does no more than some steps cannot have done, told without playing them: it
 * never proposes a call that the case demands, or never says a word where words are asked for. Most
 * agents without a brain and many mutants are caught by this alone.
 *
 * @returns `false` means that only playing can tell
 */
export function findsShortfall(expect: Expectation): (steps: readonly PlayStep[]) => boolean {
  const demands = demandsOf(expect)
  const mustSpeak = expect.says !== undefined
  return (steps) => {
    const calls = steps.filter(isCallStep)
    const isShort = demands.some(({ isMet, least }) => calls.filter(isMet).length < least)
    return isShort || (mustSpeak && !steps.some(speaks))
  }
}

function demandsOf({ calls = [], effects, evidence = [] }: Expectation): readonly Demand[] {
  return [
    ...calls.map(({ args, count, tool }) => demand(tool, args, leastOf(count))),
    ...(effects?.required ?? []).map(({ args, count, tool }) => demand(tool, args, leastOf(count))),
    ...evidence.map(({ args, tool }) => demand(tool, args, 1)),
  ]
}

function demand(tool: string, args: ArgumentMatchers | undefined, least: number): Demand {
  const mismatches = compileArguments(args)
  return { least, isMet: (call) => call.call === tool && mismatches(call.args).length === 0 }
}

function leastOf(count: Times): number {
  return typeof count === 'number' ? count : (count.min ?? 0)
}

function speaks(step: PlayStep): boolean {
  return !isCallStep(step) && step.say.trim() !== ''
}
