import { AgentEvalError } from '../errors.ts'
import { type ExprMap, toExprValue } from '../expr/value.ts'
import type { StatePatch } from '../schema/case.ts'
import type { JsonObject } from '../schema/json.ts'
import { type CallEffect, type CallScene, callTool } from './call-tool.ts'
import { earlierResult, type KeyedCall, keyedCall, type StoredResults } from './idempotency.ts'
import { nestsDeeperThan } from './nesting.ts'
import { patchState } from './patch-state.ts'
import type { PreparedTool } from './prepare-tool.ts'
import type { PreparedWorld } from './prepare-world.ts'
import { formatRfc3339 } from './rfc3339.ts'
import { tierOfCall } from './risk-tier.ts'
import type { WorldResult, WorldSession } from './session.ts'
import { snapshotOf } from './snapshot.ts'
import { type ToolError, unknownTool } from './tool-error.ts'

export interface StartOptions {
  /** The state to start from, for example of `placeInjections`; default: the world's own. */
  readonly state?: ExprMap
  /** What a case changes of it. */
  readonly patch?: readonly StatePatch[]
}

/** No tool takes arguments like that; they would only wear out the stack. */
const maxArgumentDepth = 64
const tooDeep = `the arguments nest deeper than ${maxArgumentDepth} levels`

/** What changes in the course of a trial. */
interface Running {
  state: ExprMap
  nowMs: number
  /** `nowMs` as text; several expressions of a call read it. */
  now: string
  readonly stored: StoredResults
}

/**
 * A fresh world for one trial. Costs next to nothing: states are immutable and shared, so no
 * trial can see what another did.
 *
 * @throws AgentEvalError (input) when the patch does not fit the state
 */
export function startWorld(world: PreparedWorld, options: StartOptions = {}): WorldSession {
  const patched = patchState(options.state ?? world.state, options.patch ?? [])
  if (!patched.ok) throw new AgentEvalError(`world.patch: ${patched.problem.message}`, 'input')
  const running: Running = {
    state: patched.state,
    nowMs: world.clockMs,
    now: formatRfc3339(world.clockMs),
    stored: new Map(),
  }

  return {
    validate(name, args) {
      const tool = world.tools.get(name)
      if (tool === undefined) return [unknownTool(name, world.tools.keys()).message]
      return nestsDeeperThan(args, maxArgumentDepth) ? [tooDeep] : tool.input(args)
    },
    tierOf(name, args) {
      const tool = world.tools.get(name)
      const seen = nestsDeeperThan(args, maxArgumentDepth) ? {} : args
      return tool && tierOfCall(tool.tiers, sceneOf(running, seen))
    },
    effectOf: (name) => world.tools.get(name)?.effect,
    call(name, args) {
      const tool = world.tools.get(name)
      if (tool === undefined) return failed(unknownTool(name, world.tools.keys()), 0)
      const result = callOf(running, tool, args)
      moveClock(running, tool.latencyMs)
      return result
    },
    state: () => running.state,
    snapshot: () => snapshotOf(running.state),
    nowMs: () => running.nowMs,
    now: () => running.now,
    advance(ms) {
      if (!(ms >= 0 && ms < Infinity)) throw new RangeError(`time cannot pass by ${ms} ms`)
      moveClock(running, ms)
    },
  }
}

function callOf(running: Running, tool: PreparedTool, args: JsonObject): WorldResult {
  if (nestsDeeperThan(args, maxArgumentDepth)) {
    return failed({ code: 'invalid_arguments', message: tooDeep }, tool.latencyMs)
  }
  const keyed = keyedCall(tool, args)
  const earlier = keyed && earlierResult(running.stored, keyed)
  if (earlier !== undefined) {
    if ('error' in earlier) return failed(earlier.error, tool.latencyMs)
    return done(tool, { ...earlier, changes: [] }, true)
  }
  const outcome = callTool(tool, sceneOf(running, args))
  if ('error' in outcome) return failed(outcome.error, tool.latencyMs)
  keep(running, outcome, keyed)
  return done(tool, outcome, false)
}

function keep(running: Running, effect: CallEffect, keyed: KeyedCall | undefined): void {
  running.state = effect.state
  if (keyed !== undefined) running.stored.set(keyed.key, { args: keyed.args, value: effect.value })
}

function moveClock(running: Running, ms: number): void {
  running.nowMs += ms
  running.now = formatRfc3339(running.nowMs)
}

function sceneOf({ state, now }: Running, args: JsonObject): CallScene {
  return { args: toExprValue(args), state, now }
}

function done(
  tool: PreparedTool,
  { value, changes }: Pick<CallEffect, 'value' | 'changes'>,
  repeated: boolean,
): WorldResult {
  const { latencyMs, costUsd } = tool
  return { status: 'ok', value, changes, repeated, latencyMs, costUsd }
}

function failed(error: ToolError, latencyMs: number): WorldResult {
  return { status: 'error', error, changes: [], latencyMs }
}
