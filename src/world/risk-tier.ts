import { type Expression, holds } from '../expr/expression.ts'
import type { ExprVariables } from '../expr/value.ts'
import type { RiskTier } from '../schema/names.ts'
import type { WorldTool } from '../schema/world.ts'
import { compileAt, inside, type Place, problemAt } from './compile-at.ts'

/** A tool's tiers in order, each with the condition under which it counts. */
export type TierRules = readonly { readonly when?: Expression; readonly tier: RiskTier }[]

export function compileTiers(place: Place, tiers: WorldTool['risk_tier']): TierRules {
  if (!Array.isArray(tiers)) return [{ tier: tiers }]
  return tiers.map(({ when, tier }, index) => {
    if (when !== undefined) return { when: compileAt(inside(place, index, 'when'), when), tier }
    if (index < tiers.length - 1) {
      const message = 'the tiers after this one are never reached; it needs a `when`'
      place.problems.push(problemAt(inside(place, index), message))
    }
    return { tier }
  })
}

/**
 * The tier of one call: the first whose condition holds.
 *
 * The highest one listed where none holds, or where a condition fails before one holds: a call
 * that nobody can rate is treated as the worst it could be.
 */
export function tierOfCall(rules: TierRules, variables: ExprVariables): RiskTier {
  for (const { when, tier } of rules) {
    if (when === undefined) return tier
    const said = holds(when, variables)
    if (said.error !== undefined) break
    if (said.holds) return tier
  }
  return rules.reduce<RiskTier>((highest, { tier }) => (tier > highest ? tier : highest), 0)
}
