import { asksQuestion } from './asks-question.ts'
import { done } from './trial-ending.ts'
import type { UserMove, UserSide } from './user-side.ts'

/** One thing the user says; with `when`, only after a reply in which it is found. */
interface ScriptedTurn {
  readonly say: string
  readonly when?: { readonly test: (reply: string) => boolean }
}

/** A user whose every word is fixed in advance. */
export interface UserScript {
  /** The first one opens the talk; whoever runs the trial has sent it. */
  readonly turns: readonly ScriptedTurn[]
  /** What the user answers to a question that no turn answers. */
  readonly fallback?: string
}

/** A fourth question without an answer is an agent that does not listen. */
const maxFallbacks = 3

/**
 * Plays one trial's user from a script. After a reply comes the first unsent turn that waited for
 * it, else the next turn that waits for nothing, else the fallback where the reply asks a question.
 * Nothing of these: the talk ends. A turn whose `when` never comes is never sent.
 */
export function scriptedUser({ turns, fallback }: UserScript): UserSide {
  let unsent = turns.slice(1)
  let fallbacks = 0
  const answer = (heard: string): UserMove => {
    const turn =
      unsent.find(({ when }) => when?.test(heard)) ?? unsent.find(({ when }) => when === undefined)
    if (turn !== undefined) {
      unsent = unsent.filter((other) => other !== turn)
      return { say: turn.say }
    }
    if (fallback === undefined || fallbacks >= maxFallbacks || !asksQuestion(heard)) return done
    fallbacks += 1
    return { say: fallback }
  }
  return { next: answer }
}
