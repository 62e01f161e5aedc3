import type { JsonObject } from '../schema/json.ts'
import type { Effect, RiskTier } from '../schema/names.ts'
import { truncate } from '../text/truncate.ts'

/** A tool as a foreign description has it, before anybody has said what it does to the world. */
export interface ForeignTool {
  readonly name: string
  readonly description: string
  readonly input: JsonObject
  /** A guess from the description; a person must confirm it. */
  readonly effect: Effect
  /** Deletes or destroys, as far as its description says. */
  readonly isDestructive: boolean
}

/** A tool with only `returns`: the call itself is its effect. */
export interface StubTool {
  readonly description: string
  readonly risk_tier: RiskTier
  readonly effect: Effect
  readonly input: JsonObject
  readonly returns: JsonObject
}

/** What a model is told of a tool is paid for with every request. */
const longestDescription = 500

/**
 * Stubs for foreign tools, by names that our documents accept. Two tools whose names become equal
 * are told apart by a number.
 */
export function stubTools(tools: readonly ForeignTool[]): Readonly<Record<string, StubTool>> {
  const stubs: Record<string, StubTool> = {}
  for (const tool of tools) stubs[freeName(toolName(tool.name), stubs)] = stubOf(tool)
  return stubs
}

function stubOf({ description, effect, input, isDestructive }: ForeignTool): StubTool {
  const text = description.trim()
  return {
    description: truncate(text === '' ? 'No description was given.' : text, longestDescription),
    risk_tier: tierOf(effect, isDestructive),
    effect,
    input,
    returns: { ok: true },
  }
}

function tierOf(effect: Effect, isDestructive: boolean): RiskTier {
  if (effect === 'read') return 0
  return isDestructive ? 3 : 2
}

/** Letters, digits, dots, dashes and underscores, at most 64. */
function toolName(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9_.-]+/g, '_').replace(/^[.-]+/, '')
  const refused = plain === '' || plain in {}
  return (refused ? `tool_${plain}` : plain).slice(0, 64)
}

function freeName(name: string, taken: Readonly<Record<string, unknown>>): string {
  if (!Object.hasOwn(taken, name)) return name
  for (let number = 2; ; number += 1) {
    const numbered = `${name.slice(0, 60)}_${number}`
    if (!Object.hasOwn(taken, numbered)) return numbered
  }
}
