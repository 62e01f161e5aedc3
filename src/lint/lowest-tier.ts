import type { WorldTool } from '../schema/world.ts'

/** The tier of the mildest form of a tool: a refund of 40 dollars is not one of 400. */
export function lowestTier({ risk_tier: tier }: WorldTool): number {
  return Array.isArray(tier) ? Math.min(...tier.map((one) => one.tier)) : tier
}
