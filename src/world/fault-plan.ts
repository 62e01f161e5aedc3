import { AgentEvalError } from '../errors.ts'
import type { Fault } from '../schema/faults.ts'
import type { JsonObject } from '../schema/json.ts'
import { matchArguments } from './argument-requirements.ts'
import type { PreparedTool } from './prepare-tool.ts'

/**
 * The faults that hit a call, in the order of the case. Asking counts the call, so it is asked once
 * for each call of a trial that reaches the world.
 */
export type FaultPlan = (tool: string, args: JsonObject) => readonly Fault[]

/**
 * Starts to count the calls of one trial. Each fault counts for itself, and only the calls that
 * its tool and its matchers are for, whatever comes of them.
 *
 * @throws AgentEvalError (input) for a fault of a tool that is not there, for stale answers of a
 *   tool that writes, and where a pattern does not compile
 */
export function startFaults(
  faults: readonly Fault[],
  tools: ReadonlyMap<string, PreparedTool>,
): FaultPlan {
  const counted = faults.map((fault, index) => {
    checkTool(fault, { index, tools })
    return { fault, matches: matchArguments(fault.args), calls: 0 }
  })
  return (tool, args) => {
    const matching = counted.filter((one) => one.fault.tool === tool && one.matches(args))
    for (const one of matching) one.calls += 1
    return matching.filter(({ fault, calls }) => isHit(fault.on, calls)).map(({ fault }) => fault)
  }
}

/** A misspelt tool would switch the fault off without a word. */
function checkTool(
  { tool: name, fault }: Fault,
  { index, tools }: { readonly index: number; readonly tools: ReadonlyMap<string, PreparedTool> },
): void {
  const tool = tools.get(name)
  const place = `world.faults.${index}`
  if (tool === undefined) throw new AgentEvalError(`${place}: there is no tool "${name}"`, 'input')
  if (fault === 'stale' && tool.effect !== 'read') {
    const reason = 'only a read can be answered from an old state'
    throw new AgentEvalError(`${place}: ${name} writes, and ${reason}`, 'input')
  }
}

function isHit(on: Fault['on'], call: number): boolean {
  if (on === 'all') return true
  return typeof on === 'number' ? on === call : on.includes(call)
}
