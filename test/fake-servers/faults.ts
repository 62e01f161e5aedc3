import { createRng } from '../../src/providers/reference/rng.ts'

/** What goes wrong with one answer. */
export type Fault =
  | {
      readonly kind: 'status'
      readonly status: number
      /** In seconds; becomes the header. */
      readonly retryAfter?: number
      readonly message?: string
      /** OpenAI's `code`, Anthropic's `type`. */
      readonly code?: string
      readonly headers?: Readonly<Record<string, string>>
      /** Sent as it stands instead of an error of the protocol. */
      readonly text?: string
    }
  /** The connection is cut before a byte is sent, or in the middle of the body. */
  | { readonly kind: 'drop'; readonly midway?: boolean }
  /** The body comes in pieces with a pause before each. */
  | { readonly kind: 'slow'; readonly pauseMs: number; readonly pieces?: number }
  /** Status 200 and half of the JSON. */
  | { readonly kind: 'malformed' }
  /** Never answers. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'none' }

/** Shares of requests, in [0, 1], that go wrong; the same seed breaks the same requests. */
interface FaultPlan {
  readonly seed: number
  readonly rateLimited?: number
  /** Seconds that a 429 asks to wait. */
  readonly retryAfter?: number
  readonly serverError?: number
  readonly dropped?: number
  readonly malformed?: number
}

/** By request, from 0: a list (what it does not reach goes well), a plan, or one's own rule. */
export type Faults = readonly Fault[] | FaultPlan | ((index: number) => Fault)

const none: Fault = { kind: 'none' }

/** Which fault the request of this index meets. */
export function faultAt(faults: Faults, index: number): Fault {
  if (typeof faults === 'function') return faults(index)
  if (Array.isArray(faults)) return (faults as readonly Fault[])[index] ?? none
  return drawFault(faults as FaultPlan, index)
}

function drawFault(plan: FaultPlan, index: number): Fault {
  // A generator for each request, so that the order of arrival changes nothing.
  const draw = createRng(plan.seed * 1_000_003 + index)()
  const { dropped = 0, malformed = 0, rateLimited = 0, retryAfter = 1, serverError = 0 } = plan
  const shares: readonly (readonly [number, Fault])[] = [
    [rateLimited, { kind: 'status', status: 429, retryAfter }],
    [serverError, { kind: 'status', status: 500 }],
    [dropped, { kind: 'drop' }],
    [malformed, { kind: 'malformed' }],
  ]
  let reached = 0
  for (const [share, fault] of shares) {
    reached += share
    if (draw < reached) return fault
  }
  return none
}
