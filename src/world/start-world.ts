import { AgentEvalError } from '../errors.ts'
import type { ExprMap } from '../expr/value.ts'
import type { StatePatch } from '../schema/case.ts'
import type { Fault } from '../schema/faults.ts'
import type { JsonObject } from '../schema/json.ts'
import { answerCall, failed, type RunningWorld } from './answer-call.ts'
import { factsOfCall } from './call-facts.ts'
import { startFaults } from './fault-plan.ts'
import { nestsDeeperThan } from './nesting.ts'
import { patchState } from './patch-state.ts'
import type { AnswerInjection } from './poison-answer.ts'
import type { PreparedWorld } from './prepare-world.ts'
import { formatRfc3339 } from './rfc3339.ts'
import { tierOfCall } from './risk-tier.ts'
import { type RunTool, runTool, sceneOf, type WorldMoment } from './run-tool.ts'
import type { WorldSession } from './session.ts'
import { snapshotOf } from './snapshot.ts'
import { unknownTool } from './tool-error.ts'

export interface StartOptions {
  /** The state to start from, for example of `placeInjections`; default: the world's own. */
  readonly state?: ExprMap
  /** What a case changes of it. */
  readonly patch?: readonly StatePatch[]
  /** What goes wrong with its tools. */
  readonly faults?: readonly Fault[]
  /** Texts of an attacker that come with the tools' answers, as `placeInjections` gives them. */
  readonly poison?: readonly AnswerInjection[]
  /** What runs its tools; default: `runTool`. */
  readonly run?: RunTool
}

/** No tool takes arguments like that; they would only wear out the stack. */
const maxArgumentDepth = 64
const tooDeep = `the arguments nest deeper than ${maxArgumentDepth} levels`

/** `now` is `nowMs` as text; several expressions of a call read it. */
type Running = RunningWorld & { nowMs: number }

/**
 * A fresh world for one trial. Costs next to nothing: states are immutable and shared, so no
 * trial can see what another did.
 *
 * @throws AgentEvalError (input) when the patch does not fit the state, or a fault the tools
 */
export function startWorld(world: PreparedWorld, options: StartOptions = {}): WorldSession {
  const running = begin(world, options)
  return {
    validate(name, args) {
      const tool = world.tools.get(name)
      if (tool === undefined) return [unknownTool(name, world.tools.keys()).message]
      return nestsDeeperThan(args, maxArgumentDepth) ? [tooDeep] : tool.input(args)
    },
    tierOf(name, args) {
      const tool = world.tools.get(name)
      return tool && tierOfCall(tool.tiers, sceneOf(running, within(args)))
    },
    factsOf(name, args) {
      const tool = world.tools.get(name)
      return tool === undefined ? {} : factsOfCall(tool.facts, sceneOf(running, within(args)))
    },
    effectOf: (name) => world.tools.get(name)?.effect,
    call(name, args) {
      const tool = world.tools.get(name)
      if (tool === undefined) return failed(unknownTool(name, world.tools.keys()), 0)
      const result = nestsDeeperThan(args, maxArgumentDepth)
        ? failed({ code: 'invalid_arguments', message: tooDeep }, tool.latencyMs)
        : answerCall(running, tool, args)
      moveClock(running, result.latencyMs)
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

/** What expressions see of arguments: of too deep ones nothing, so that they cannot be answered. */
function within(args: JsonObject): JsonObject {
  return nestsDeeperThan(args, maxArgumentDepth) ? {} : args
}

function begin(
  world: PreparedWorld,
  { state = world.state, patch = [], faults = [], poison = [], run = runTool }: StartOptions,
): Running {
  const patched = patchState(state, patch)
  if (!patched.ok) throw new AgentEvalError(`world.patch: ${patched.problem.message}`, 'input')
  const beginning: WorldMoment = { state: patched.state, now: formatRfc3339(world.clockMs) }
  return {
    ...beginning,
    nowMs: world.clockMs,
    stored: new Map(),
    faultsOf: startFaults(faults, world.tools),
    poison,
    beginning,
    run,
  }
}

function moveClock(running: Running, ms: number): void {
  running.nowMs += ms
  running.now = formatRfc3339(running.nowMs)
}
