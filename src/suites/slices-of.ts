import type { EvalCase } from '../schema/case.ts'

/** What a case belongs to besides the whole set, each once and sorted. */
export function slicesOf({
  layer,
  risk_tier,
  strata,
  tags,
}: Pick<EvalCase, 'layer' | 'risk_tier' | 'strata' | 'tags'>): readonly string[] {
  const named = [
    `layer:${layer}`,
    `tier:${risk_tier}`,
    ...tags.map((tag) => `tag:${tag}`),
    ...Object.entries(strata).map(([stratum, value]) => `${stratum}:${value}`),
  ]
  return [...new Set(named)].sort()
}
