import type { WrittenCase } from '../schema/case.ts'
import type { RiskTier } from '../schema/names.ts'
import type { World, WorldTool } from '../schema/world.ts'
import type { Path } from './problem.ts'

/** A tool that a case names, and where. */
export interface NamedTool {
  readonly tool: string
  readonly path: Path
}

/** Every place in which a case names a tool. */
export function namedTools({ oracle, attack, expect }: WrittenCase): readonly NamedTool[] {
  return [
    ...oracle.flatMap((step, index) =>
      'call' in step ? [{ tool: step.call, path: ['oracle', index, 'call'] }] : [],
    ),
    ...(attack?.steps ?? []).map((step, index) => ({
      tool: step.call,
      path: ['attack', 'steps', index, 'call'],
    })),
    ...patternTools(['expect', 'calls'], expect.calls),
    ...patternTools(['expect', 'effects', 'required'], expect.effects?.required),
    ...patternTools(['expect', 'effects', 'allowed'], expect.effects?.allowed),
    ...patternTools(['expect', 'evidence'], expect.evidence),
  ]
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
