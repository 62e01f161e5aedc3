/** What this agent is called with: one customer's conversation so far, once for each of their turns. */
export interface AgentTask {
  readonly conversation: readonly Turn[]
}

export interface Turn {
  readonly role: 'user' | 'assistant'
  readonly text: string
}

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json }

/** The shop's systems. */
export interface Tools {
  readonly call: (
    name: string,
    args: { readonly [key: string]: Json },
    options?: { readonly reason?: string },
  ) => Promise<{ readonly isError: boolean; readonly value: Json }>
}
