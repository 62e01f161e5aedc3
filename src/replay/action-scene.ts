import type { ExecutedCall } from '../controls/executed-call.ts'
import type { ActingAgent, ActionContext } from '../controls/policy-engine.ts'
import type { StateChange } from '../schema/trace.ts'
import { formatRfc3339, parseRfc3339 } from '../world/rfc3339.ts'
import type { WorldSession } from '../world/session.ts'
import { applyStateChanges } from '../world/state-at.ts'

type WorldState = ReturnType<WorldSession['state']>

/** What is known of a trial besides its trace. */
export interface TrialBeginning {
  /** By the rules in question, and in whose name the case lets it act. */
  readonly agent: ActingAgent
  /** Whether any of the rules reads records of the world. */
  readonly readsState: boolean
  /** The world before the first action; absent: nobody knows it any more. */
  readonly state?: WorldState | undefined
}

/** The moment of a trial that its trace has come to, as the controls saw it. */
export interface ActionScene {
  readonly passTime: (ms: number) => void
  /** A call took effect; one that was answered is seen by later rules. */
  readonly ran: (call: ExecutedCall | undefined, changes: readonly StateChange[]) => void
  readonly now: () => string
  /** `undefined`: not all that rules may ask for is known. */
  readonly context: () => ActionContext | undefined
}

/** @param clock - of the trial's start, as recorded */
export function startScene(clock: string, beginning: TrialBeginning): ActionScene {
  const startMs = parseRfc3339(clock)
  const calls: ExecutedCall[] = []
  let passedMs = 0
  let state = beginning.readsState ? beginning.state : undefined
  const now = (): string => formatRfc3339((startMs ?? 0) + passedMs)
  return {
    now,
    passTime: (ms) => {
      passedMs += ms
    },
    ran: (call, changes) => {
      if (call !== undefined) calls.push(call)
      if (state === undefined) return
      const next = applyStateChanges(state, changes)
      state = next.ok ? next.value : undefined
    },
    context: () => {
      if (startMs === undefined) return undefined
      if (beginning.readsState && state === undefined) return undefined
      return { agent: beginning.agent, calls: [...calls], now: now(), state: state ?? null }
    },
  }
}
