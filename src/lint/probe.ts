import { type ExprMap, toExprValue } from '../expr/value.ts'
import type { JsonObject } from '../schema/json.ts'
import type { PreparedWorld } from '../world/prepare-world.ts'
import { formatRfc3339 } from '../world/rfc3339.ts'
import { tierOfCall } from '../world/risk-tier.ts'
import type { RunTool } from '../world/run-tool.ts'
import { type ConcreteCall, type ConcreteStep, isConcreteCall } from './concrete-oracle.ts'

/** `waits`: it would work, but asks for approvals first. */
export type Prospect = 'works' | 'waits' | 'fails'

/**
 * Whether a tool would do its work with some arguments, at one point of an oracle. Tools are pure,
 * so trying is cheap and leaves no trace. Faults are left out of account.
 */
export interface Probe {
  readonly insteadOf: (step: ConcreteCall, args: JsonObject) => Prospect
  /** The same tool once more, right after a step. */
  readonly after: (step: ConcreteCall, args: JsonObject) => Prospect
  readonly atTheEnd: (tool: string, args: JsonObject) => Prospect
}

/** Tools of a higher tier wait for people before they do anything. */
const highestFreeTier = 2

/** @param setting.start - the state that the oracle began with */
export function createProbe(setting: {
  readonly world: PreparedWorld
  readonly run: RunTool
  readonly start: ExprMap
  readonly steps: readonly ConcreteStep[]
}): Probe {
  const { run, start, steps, world } = setting
  const now = formatRfc3339(world.clockMs)
  const prospect = (name: string, args: JsonObject, state: ExprMap): Prospect => {
    const tool = world.tools.get(name)
    if (tool === undefined || 'error' in run(tool, args, { state, now })) return 'fails'
    const tier = tierOfCall(tool.tiers, { args: toExprValue(args), state, now })
    return tier <= highestFreeTier ? 'works' : 'waits'
  }
  const before = new Map<ConcreteCall, ExprMap>()
  const after = new Map<ConcreteCall, ExprMap>()
  let state = start
  for (const step of steps.filter(isConcreteCall)) {
    before.set(step, state)
    const tool = world.tools.get(step.step.call)
    if (step.view.tookEffect && tool !== undefined) {
      const outcome = run(tool, step.step.args, { state, now })
      if (!('error' in outcome)) state = outcome.state
    }
    after.set(step, state)
  }
  const end = state
  return {
    insteadOf: (step, args) => prospect(step.step.call, args, before.get(step) ?? start),
    after: (step, args) => prospect(step.step.call, args, after.get(step) ?? end),
    atTheEnd: (tool, args) => prospect(tool, args, end),
  }
}
