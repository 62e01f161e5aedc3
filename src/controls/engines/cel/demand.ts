import type { Expression, ExprVariables } from '../../../expr/expression.ts'
import type { PolicyQuestion } from '../../policy-engine.ts'
import type { Seen } from './seen.ts'

/** One question, as a rule sees it. */
export interface Asked {
  readonly question: PolicyQuestion
  readonly variables: ExprVariables
  /** `undefined`: the rule looks at the call and not at texts. */
  readonly seen: Seen | undefined
}

/**
 * Whether what a rule demands is so.
 *
 * `error`: it cannot be told, which is never a yes. `finding`: what was found, where the rule's own
 * words cannot know it.
 */
export type Kept =
  | { readonly kept: true; readonly why: string }
  | { readonly kept: false; readonly why: string; readonly finding?: boolean }
  | { readonly kept: false; readonly error: string }

/** What a rule demands, ready to be asked. */
export interface Demand {
  /** The expressions it evaluates: what they name must be there. */
  readonly expressions: readonly Expression[]
  /** What it throws means that it cannot be told. */
  readonly ask: (asked: Asked) => Kept
}
