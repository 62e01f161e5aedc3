import type { ExprMap } from '../expr/value.ts'
import type { JsonObject, JsonValue } from '../schema/json.ts'
import type { Effect, RiskTier } from '../schema/names.ts'
import type { StateChange } from '../schema/trace.ts'
import type { ToolError } from './tool-error.ts'

/** What came of one call. */
export type WorldResult =
  | {
      readonly status: 'ok'
      readonly value: JsonValue
      readonly changes: readonly StateChange[]
      /** The stored result of an earlier call with the same key; nothing happened again. */
      readonly repeated: boolean
      readonly latencyMs: number
      readonly costUsd: number
    }
  | {
      readonly status: 'error'
      readonly error: ToolError
      /** It was carried out all the same, and only its answer got lost. */
      readonly applied: boolean
      /** Of an applied call; the agent is told nothing of them. */
      readonly changes: readonly StateChange[]
      readonly latencyMs: number
      /** 0 for a call that was not applied. */
      readonly costUsd: number
    }

/** Facts of a call that controls decide by. */
export interface CallFacts {
  /** The scope that the agent's identity must have. */
  readonly scope?: string
  /** Whose record it touches. */
  readonly tenant?: string
  /** The dollars that it moves. */
  readonly usd?: number
  /** What its tool declares and nobody can tell of this call, with the reason. */
  readonly untold?: UntoldFacts
}

/** Why a declared fact of a call is not known: it cannot be evaluated, or is of the wrong kind. */
export interface UntoldFacts {
  readonly tenant?: string
  readonly usd?: string
}

/** The world of one trial: its state, its clock, and what was done under which key. */
export interface WorldSession {
  /** What the arguments break of the tool's schema; nothing when they fit. */
  readonly validate: (tool: string, args: JsonObject) => readonly string[]
  /** The tier of this very call; `undefined`: no such tool. */
  readonly tierOf: (tool: string, args: JsonObject) => RiskTier | undefined
  /** What the tool's declaration says of this very call; of a tool that there is not, nothing. */
  readonly factsOf: (tool: string, args: JsonObject) => CallFacts
  /** `undefined`: no such tool. */
  readonly effectOf: (tool: string) => Effect | undefined
  /**
   * Runs a tool, whatever its schema and any control say: those come before. Never throws.
   * The clock moves afterwards by the tool's latency, also when it fails, or by the delay of a
   * timeout.
   */
  readonly call: (tool: string, args: JsonObject) => WorldResult
  readonly state: () => ExprMap
  /** The state as JSON, frozen. */
  readonly snapshot: () => JsonObject
  /** The virtual clock, in ms since 1970. */
  readonly nowMs: () => number
  /** The virtual clock as RFC 3339 in UTC, always with three decimals. */
  readonly now: () => string
  /**
   * Lets time pass without a call.
   *
   * @throws RangeError for anything but a number of ms ≥ 0
   */
  readonly advance: (ms: number) => void
}
