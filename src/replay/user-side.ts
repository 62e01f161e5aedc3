import type { Books } from './recorder.ts'
import type { TrialEnding } from './trial-ending.ts'

/** What the user does: says something more, or ends the talk. */
export type UserMove = { readonly say: string } | TrialEnding

/** The user's side of one trial, after the first message. */
export interface UserSide {
  /**
   * Called after each reply that ended the agent's turn.
   *
   * @param heard - that reply as it reached the user; empty where a control kept it back
   */
  readonly next: (heard: string, books: Books, signal: AbortSignal) => UserMove | Promise<UserMove>
}
