import type { Provider } from '../providers/provider.ts'

/** One tier of a candidate and the model behind it, ready to be asked. */
export interface TierModel {
  /** By its name in the candidate's `models`. */
  readonly tier: string
  /** The model as the configuration names it: `provider:model`. */
  readonly reference: string
  /** What the provider calls the model. */
  readonly model: string
  readonly provider: Provider
}

/** A tier that a router may choose. */
export interface Route extends TierModel {
  /** When to choose it, in the words of the candidate. */
  readonly when?: string
}

/** The models of a candidate that the built-in loop asks. */
export interface AgentModels {
  /** Runs the task, where nobody routes or the router gives no usable answer. */
  readonly executor: TierModel
  readonly routing?: { readonly router: TierModel; readonly routes: readonly Route[] }
}
