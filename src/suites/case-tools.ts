import type { WrittenCase } from '../schema/case.ts'
import type { ToldValue } from '../schema/expect.ts'
import type { RiskTier } from '../schema/names.ts'
import type { Oracle } from '../schema/oracle.ts'
import type { World, WorldTool } from '../schema/world.ts'
import type { Path } from './problem.ts'

/** A tool that a case names, and where. */
export interface NamedTool {
  readonly tool: string
  readonly path: Path
}

/** Every place in which a case names a tool. */
export function namedTools(written: WrittenCase): readonly NamedTool[] {
  const { attack, equivalents = [], expect, oracle, world } = written
  return [
    ...stepTools(['oracle'], oracle),
    ...equivalents.flatMap((steps, index) => stepTools(['equivalents', index], steps)),
    ...stepTools(['attack', 'steps'], attack?.steps),
    ...patternTools(['expect', 'calls'], expect.calls),
    ...patternTools(['expect', 'effects', 'required'], expect.effects?.required),
    ...patternTools(['expect', 'effects', 'allowed'], expect.effects?.allowed),
    ...patternTools(['expect', 'evidence'], expect.evidence),
    ...(expect.says ?? []).flatMap(({ bind, cites }, index) => [
      ...toldTool(['expect', 'says', index, 'bind'], bind),
      ...toldTool(['expect', 'says', index, 'cites'], cites),
    ]),
    ...patternTools(['world', 'faults'], world.faults),
  ]
}

function stepTools(base: Path, steps: Oracle = []): readonly NamedTool[] {
  return steps.flatMap((step, index) =>
    'call' in step ? [{ tool: step.call, path: [...base, index, 'call'] }] : [],
  )
}

function toldTool(base: Path, told: ToldValue | undefined): readonly NamedTool[] {
  return told === undefined ? [] : [{ tool: told.tool, path: [...base, 'tool'] }]
}

function patternTools(
  base: Path,
  patterns: readonly { readonly tool: string; readonly before?: string | undefined }[] = [],
): readonly NamedTool[] {
  return patterns.flatMap(({ tool, before }, index) => [
    { tool, path: [...base, index, 'tool'] },
    ...(before === undefined ? [] : [{ tool: before, path: [...base, index, 'before'] }]),
  ])
}

/** The highest tier that a case can reach: of any tool it names, the highest one listed. */
export function reachableTier(written: WrittenCase, world: World): RiskTier {
  const tiers = namedTools(written).map(({ tool }) => highestTier(toolOf(world, tool)))
  return tiers.reduce<RiskTier>(higher, 0)
}

export function toolOf(world: World, name: string): WorldTool | undefined {
  return Object.hasOwn(world.tools, name) ? world.tools[name] : undefined
}

function highestTier(tool: WorldTool | undefined): RiskTier {
  const { risk_tier = 0 } = tool ?? {}
  if (!Array.isArray(risk_tier)) return risk_tier
  return risk_tier.map(({ tier }) => tier).reduce<RiskTier>(higher, 0)
}

function higher(a: RiskTier, b: RiskTier): RiskTier {
  return b > a ? b : a
}
