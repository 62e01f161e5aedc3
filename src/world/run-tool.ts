import { type ExprMap, toExprValue } from '../expr/value.ts'
import type { JsonObject } from '../schema/json.ts'
import { type CallOutcome, type CallScene, callTool } from './call-tool.ts'
import type { PreparedTool } from './prepare-tool.ts'

/** A world at one moment. */
export interface WorldMoment {
  readonly state: ExprMap
  /** RFC 3339, by the virtual clock. */
  readonly now: string
}

/** Carries a call out at one moment of a world. */
export type RunTool = (tool: PreparedTool, args: JsonObject, moment: WorldMoment) => CallOutcome

export function sceneOf({ state, now }: WorldMoment, args: JsonObject): CallScene {
  return { args: toExprValue(args), state, now }
}

export const runTool: RunTool = (tool, args, moment) => callTool(tool, sceneOf(moment, args))
