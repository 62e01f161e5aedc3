import type { ExprMap } from '../expr/value.ts'
import type { Fault } from '../schema/faults.ts'
import type { JsonObject, JsonValue } from '../schema/json.ts'
import type { StateChange } from '../schema/trace.ts'
import type { FaultPlan } from './fault-plan.ts'
import { earlierResult, keyedCall, type StoredResults } from './idempotency.ts'
import { type AnswerInjection, poisonAnswer } from './poison-answer.ts'
import type { PreparedTool } from './prepare-tool.ts'
import type { RunTool, WorldMoment } from './run-tool.ts'
import type { WorldResult } from './session.ts'
import { spoilAnswer } from './spoil-answer.ts'
import type { ToolError } from './tool-error.ts'

/** One trial's world; `state` and `now` change in its course. */
export interface RunningWorld {
  state: ExprMap
  now: string
  readonly stored: StoredResults
  readonly faultsOf: FaultPlan
  readonly poison: readonly AnswerInjection[]
  readonly run: RunTool
  /** What a stale answer tells of. */
  readonly beginning: WorldMoment
}

/** The same for a call that was carried out and one that never arrived: nobody can tell by it. */
const timeout: ToolError = {
  code: 'timeout',
  message: 'no answer in time; nobody knows whether the call was carried out',
}

type LosingFault = Extract<Fault, { fault: 'timeout_before' | 'timeout_after' | 'error' }>

/**
 * Runs a call and gives what arrives of its answer.
 *
 * Of several faults that keep an answer back the first decides. What is stored under an idempotency
 * key is the tool's own answer: what attackers add and faults take away happens on the way, to
 * each answer anew. An error of the tool arrives as it is.
 */
export function answerCall(world: RunningWorld, tool: PreparedTool, args: JsonObject): WorldResult {
  const faults = world.faultsOf(tool.name, args)
  const losing = faults.find(losesAnswer)
  if (losing !== undefined) return lostAnswer(world, losing, { tool, args })

  const isStale = faults.some(({ fault }) => fault === 'stale')
  const outcome = isStale ? answerAsBefore(world, tool, args) : carryOut(world, tool, args)
  if ('error' in outcome) return failed(outcome.error, tool.latencyMs)
  const poisoned = world.poison
    .filter((injection) => injection.tool === tool.name)
    .reduce(poisonAnswer, outcome.value)
  const { latencyMs, costUsd } = tool
  return {
    status: 'ok',
    ...outcome,
    value: faults.reduce(spoilAnswer, poisoned),
    latencyMs,
    costUsd,
  }
}

/** A call of which nothing came but an error. */
export function failed(error: ToolError, latencyMs: number): WorldResult & { status: 'error' } {
  return { status: 'error', error, applied: false, changes: [], latencyMs, costUsd: 0 }
}

function losesAnswer(fault: Fault): fault is LosingFault {
  return ['timeout_before', 'timeout_after', 'error'].includes(fault.fault)
}

function lostAnswer(
  world: RunningWorld,
  fault: LosingFault,
  { tool, args }: { readonly tool: PreparedTool; readonly args: JsonObject },
): WorldResult {
  if (fault.fault === 'error') {
    return failed({ code: fault.code, message: fault.message }, tool.latencyMs)
  }
  const nothing = failed(timeout, fault.delay_ms)
  if (fault.fault === 'timeout_before') return nothing
  const outcome = carryOut(world, tool, args)
  if ('error' in outcome || outcome.repeated) return nothing
  return { ...nothing, applied: true, changes: outcome.changes, costUsd: tool.costUsd }
}

/** What a tool did and answers; or an error, and it did nothing. */
type Carried =
  | {
      readonly value: JsonValue
      readonly changes: readonly StateChange[]
      readonly repeated: boolean
    }
  | { readonly error: ToolError }

function answerAsBefore(world: RunningWorld, tool: PreparedTool, args: JsonObject): Carried {
  const outcome = world.run(tool, args, world.beginning)
  return 'error' in outcome ? outcome : { value: outcome.value, changes: [], repeated: false }
}

function carryOut(world: RunningWorld, tool: PreparedTool, args: JsonObject): Carried {
  const keyed = keyedCall(tool, args)
  const earlier = keyed && earlierResult(world.stored, keyed)
  if (earlier !== undefined) {
    return 'error' in earlier ? earlier : { ...earlier, changes: [], repeated: true }
  }
  const outcome = world.run(tool, args, world)
  if ('error' in outcome) return outcome
  const { state, value, changes } = outcome
  world.state = state
  if (keyed !== undefined) world.stored.set(keyed.key, { args: keyed.args, value })
  return { value, changes, repeated: false }
}
