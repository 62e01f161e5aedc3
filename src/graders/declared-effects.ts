import type { Expectation } from '../schema/expect.ts'
import { type CompiledPattern, compileCallPattern } from './call-pattern.ts'
import { mostTimes } from './describe.ts'
import { describeMismatch } from './match-arguments.ts'
import type { CallView } from './trial-view.ts'

/** A write that happened and that the case does not allow. */
export interface UndeclaredEffect {
  readonly call: CallView
  /** What keeps it from being allowed; `undefined` where the case allows nothing of this tool. */
  readonly why: string | undefined
}

/** What a case allows to be changed. Closed: whatever is not in here is not allowed. */
export interface DeclaredEffects {
  /** Executed writes beyond what is declared, by arguments and by how often. */
  readonly undeclared: (calls: readonly CallView[]) => readonly UndeclaredEffect[]
  /** Whether the arguments of a call are those of a declared effect, however often it was made. */
  readonly covers: (call: CallView) => boolean
}

interface Allowance {
  readonly pattern: CompiledPattern
  readonly atMost: number
}

/** Compiles the effects that a case requires or allows; absent, nothing may change. */
export function compileDeclaredEffects(effects: Expectation['effects']): DeclaredEffects {
  const allowances: readonly Allowance[] = [
    ...(effects?.required ?? []).map((effect) => allowance(effect, mostTimes(effect.count))),
    ...(effects?.allowed ?? []).map((effect) => allowance(effect, effect.max)),
  ]
  return {
    undeclared: (calls) =>
      leftOver(
        calls.filter((call) => call.tookEffect),
        allowances,
      ).map((call) => ({ call, why: whyNot(call, allowances) })),
    covers: (call) => allowances.some(({ pattern }) => pattern.matches(call)),
  }
}

function allowance(pattern: Parameters<typeof compileCallPattern>[0], atMost: number): Allowance {
  return { pattern: compileCallPattern(pattern), atMost }
}

/**
 * The calls for which no allowance is left when as many as possible have one.
 *
 * Taking the first that fits would blame the innocent: with "any refund, once" and "a refund of
 * O-1, once", a refund of O-1 must not use up the first when one of O-2 follows. So calls move
 * over to make room: augmenting paths, Kuhn's method for bipartite matching.
 */
function leftOver(
  calls: readonly CallView[],
  allowances: readonly Allowance[],
): readonly CallView[] {
  const seats = allowances.map(({ pattern, atMost }) => ({
    pattern,
    atMost,
    taken: [] as CallView[],
  }))

  const place = (call: CallView, asked: Set<object>): boolean => {
    for (const seat of seats) {
      if (asked.has(seat) || !seat.pattern.matches(call)) continue
      asked.add(seat)
      const free = seat.taken.length < seat.atMost
      const mover = free ? seat.taken.length : seat.taken.findIndex((other) => place(other, asked))
      if (mover === -1) continue
      seat.taken[mover] = call
      return true
    }
    return false
  }
  return calls.filter((call) => !place(call, new Set()))
}

function whyNot(call: CallView, allowances: readonly Allowance[]): string | undefined {
  const matching = allowances.filter(({ pattern }) => pattern.matches(call))
  if (matching.length > 0) {
    const atMost = matching.reduce((sum, each) => sum + each.atMost, 0)
    return `at most ${atMost} such ${atMost === 1 ? 'call is' : 'calls are'} allowed`
  }
  const [nearest] = allowances
    .filter(({ pattern }) => pattern.tool === call.tool)
    .map(({ pattern }) => pattern.mismatches(call))
    .sort((a, b) => a.length - b.length)
  return nearest?.[0] === undefined ? undefined : describeMismatch(nearest[0], 'allowed')
}
