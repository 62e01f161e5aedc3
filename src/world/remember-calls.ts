import type { ExprMap } from '../expr/value.ts'
import type { JsonObject } from '../schema/json.ts'
import type { World, WorldTool } from '../schema/world.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import type { CallOutcome } from './call-tool.ts'
import { type RunTool, runTool } from './run-tool.ts'

/**
 * Runs tools and remembers what came. A case is played again and again, and most of its calls are
 * those of the trial before, in the same state: the same object, because a remembered write gives
 * the state that it gave before.
 *
 * The clock is looked at by few tools; for those the time is a part of what is remembered. Code of
 * an eval set is run each time: it should be pure, but nobody checks.
 *
 * @param size - outcomes kept; when it is full everything is forgotten, so that memory stays flat
 */
export function rememberCalls({ tools }: World, size: number): RunTool {
  let seen = new WeakMap<ExprMap, Map<string, CallOutcome>>()
  let kept = 0
  const textOf = rememberTexts()
  const timed = new Set(Object.keys(tools).filter((name) => looksAtClock(tools[name])))
  return (tool, args, moment) => {
    if (tool.module !== undefined) return runTool(tool, args, moment)
    const outcomes = seen.get(moment.state) ?? new Map<string, CallOutcome>()
    const when = timed.has(tool.name) ? moment.now : ''
    const key = `${tool.name} ${when} ${textOf(args)}`
    const known = outcomes.get(key)
    if (known !== undefined) return known
    const outcome = runTool(tool, args, moment)
    if (kept === size) {
      seen = new WeakMap()
      kept = 0
    }
    kept += 1
    seen.set(moment.state, outcomes.set(key, outcome))
    return outcome
  }
}

/** Arguments travel through a trial as one object, and mutants share those that they leave alone. */
function rememberTexts(): (args: JsonObject) => string {
  const texts = new WeakMap<JsonObject, string>()
  return (args) => {
    const text = texts.get(args) ?? canonicalJson(args)
    texts.set(args, text)
    return text
  }
}

/** Also where these letters are only part of a word: then too much is kept apart, and nothing wrong. */
function looksAtClock(tool: WorldTool | undefined): boolean {
  if (tool === undefined) return true
  const { change, guards, returns } = tool
  return JSON.stringify([change, guards, returns ?? null]).includes('now')
}
